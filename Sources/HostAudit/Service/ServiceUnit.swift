/// What a systemd service says of whom it runs as and what of the file system it is shown. Pure.
///
/// Source: systemd.exec(5), systemd.syntax(7).
package struct ServiceUnit: Hashable, Sendable {
  /// Nil for root.
  package private(set) var user: String?
  /// Nil for the user's own.
  package private(set) var group: String?
  package private(set) var supplementaryGroups: [String] = []
  /// Whether the user exists only while the service runs, so that it owns no file.
  package private(set) var isDynamic = false
  /// Whether /home, /root and /run/user are empty, or not there, for the service.
  package private(set) var hidesHomes = false
  /// Whether /tmp and /var/tmp are the service's own.
  package private(set) var hasOwnTemporaryFiles = false
  /// Whether it may write below `writable` only.
  package private(set) var isReadOnly = false
  /// Directories that systemd makes for the service and gives to its user.
  package private(set) var made: [String] = []
  /// Further directories that stay writable for users with the permission.
  package private(set) var writable: [String] = []

  /// What stands behind `--config` in the command that it runs; nil where that names none.
  package private(set) var configuration: String?

  package init() {}

  /// Reads a unit's file, or one that is dropped in beside it and changes it.
  package mutating func read(_ text: String) {
    var section = ""
    for line in Self.lines(of: text) {
      if line.hasPrefix("["), line.hasSuffix("]") {
        section = String(line.dropFirst().dropLast())
      } else if section == "Service", let equals = line.firstIndex(of: "=") {
        set(
          Self.trimmed(line[..<equals]), Self.trimmed(line[line.index(after: equals)...]))
      }
    }
    if isDynamic { isReadOnly = true }
  }

  private mutating func set(_ key: String, _ value: String) {
    switch key {
    case "ExecStart": configuration = Self.configuration(in: Self.words(value))
    case "User": user = value.isEmpty || value == "root" || value == "0" ? nil : value
    case "Group": group = value.isEmpty ? nil : value
    case "SupplementaryGroups": Self.add(Self.words(value), to: &supplementaryGroups)
    case "DynamicUser": isDynamic = Self.isTrue(value)
    case "ProtectHome": hidesHomes = Self.isTrue(value) || value == "tmpfs"
    case "PrivateTmp": hasOwnTemporaryFiles = Self.isTrue(value) || value == "disconnected"
    case "ProtectSystem": isReadOnly = value == "strict"
    case "RuntimeDirectory": addMade(value, below: "/run")
    case "StateDirectory": addMade(value, below: "/var/lib")
    case "CacheDirectory": addMade(value, below: "/var/cache")
    case "LogsDirectory": addMade(value, below: "/var/log")
    case "ReadWritePaths":
      // `-` and `+` before a path say what happens where it is missing, and whose root is meant.
      Self.add(Self.words(value).map { String($0.trimmingPrefix(/[-+]*/)) }, to: &writable)
    default: break
    }
  }

  private mutating func addMade(_ value: String, below root: String) {
    // An empty value takes away all of its kind.
    guard !value.isEmpty else { return made.removeAll { $0.hasPrefix("\(root)/") } }
    made += Self.words(value).map { "\(root)/\($0.prefix { $0 != ":" })" }
  }

  private static func configuration(in words: [String]) -> String? {
    if let word = words.last(where: { $0.hasPrefix("--config=") }) {
      return String(word.dropFirst("--config=".count))
    }
    return words.lastIndex(of: "--config").flatMap { index in
      words.indices.contains(index + 1) ? words[index + 1] : nil
    }
  }

  private static func add(_ words: [String], to list: inout [String]) {
    if words.isEmpty { list = [] } else { list += words }
  }

  private static func words(_ value: String) -> [String] {
    value.split { $0 == " " || $0 == "\t" }.map(String.init)
  }

  private static func isTrue(_ value: String) -> Bool {
    ["1", "yes", "y", "true", "t", "on"].contains(value.lowercased())
  }

  private static func trimmed(_ text: Substring) -> String {
    var text = text.drop { $0 == " " || $0 == "\t" }
    while text.last == " " || text.last == "\t" { text.removeLast() }
    return String(text)
  }

  /// Without comments, and with what a backslash continues.
  private static func lines(of text: String) -> [String] {
    var lines: [String] = []
    var begun = ""
    for raw in text.split(whereSeparator: \.isNewline) {
      let line = trimmed(raw)
      if line.hasPrefix("#") || line.hasPrefix(";") { continue }
      if line.hasSuffix("\\") {
        begun += line.dropLast() + " "
        continue
      }
      let whole = begun + line
      begun = ""
      if !whole.isEmpty { lines.append(whole) }
    }
    return lines
  }
}
