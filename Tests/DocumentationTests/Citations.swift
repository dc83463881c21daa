import Foundation

/// The pages whose rules are cited by number, and what there is to cite.
///
/// A citation is `lease.md §2.4`, an invariant of lease.md (I1 to I5), or a scenario of wire.md (S1 to S17). It stands on
/// one line; after the name of the page several may follow, with a comma, "and" or "to" between them.
struct Citations {
  static let pages = ["lease", "wire", "pools"]

  /// By the name of the page, without its extension: the rules, invariants and scenarios it has.
  let rules: [String: Set<String>]

  /// What docs/design has.
  static func read() throws -> Citations {
    Citations(
      rules: try Dictionary(
        uniqueKeysWithValues: pages.map { name in
          (name, Set(try Page.read("docs/design/\(name).md").ownAnchors.map(\.name)))
        }))
  }

  /// What is wrong with the citations of one line.
  func faults(in line: Substring) -> [String] {
    guard Self.mayCite(line) else { return [] }
    var faults: [String] = []
    var rest = ""
    var end = line.startIndex
    let item = /§[0-9]+(?:\.[0-9]+)*|[IS][0-9]+/
    let citation =
      /\b(lease|wire|pools)\.md ((?:§[0-9]+(?:\.[0-9]+)*|[IS][0-9]+)(?:(?:, | and | to )(?:§[0-9]+(?:\.[0-9]+)*|[IS][0-9]+))*)/
    for match in line.matches(of: citation) {
      rest += line[end..<match.range.lowerBound]
      end = match.range.upperBound
      let page = String(match.1)
      for item in match.2.matches(of: item) {
        let name = item.0.hasPrefix("§") ? item.0.dropFirst() : item.0
        if rules[page]?.contains(String(name)) != true {
          faults.append("docs/design/\(page).md has no \(item.0)")
        }
      }
    }
    rest += line[end...]
    if rest.contains(/\b(LEASE|PROTOCOL)(\.md)? ?§|\b(LEASE|PROTOCOL)\.md\b/) {
      faults.append("cites a page that is not in the repository")
    }
    if rest.contains(/\b(lease|wire|pools)\.md`?$/), rest.contains("//") {
      faults.append("a citation that is broken over two lines")
    }
    for match in rest.matches(of: /\b[IS][0-9]{1,2}\b/) {
      let before = rest[..<match.range.lowerBound].last
      let after = rest[match.range.upperBound...].first
      // A value of the program, as the simulator prints it, and the anchor itself.
      if before == "\"", after == "\"", isInvariantOrScenario(match.0) { continue }
      if before == "#", isInvariantOrScenario(match.0) { continue }
      faults.append("\(match.0) without the page that has it")
    }
    return faults
  }

  private func isInvariantOrScenario(_ name: Substring) -> Bool {
    rules.values.contains { $0.contains(String(name)) }
  }

  /// A quick look: most lines cite nothing.
  private static func mayCite(_ line: Substring) -> Bool {
    var previous: UInt8 = 0
    for byte in line.utf8 {
      // The second octet of "§"; I or S and a digit; ".md".
      if byte == 0xa7, previous == 0xc2 { return true }
      if (0x30...0x39).contains(byte), previous == 0x49 || previous == 0x53 { return true }
      if byte == 0x64, previous == 0x6d { return true }
      previous = byte
    }
    return false
  }

  /// Every text of the project that may cite a rule, from its root.
  static func sources() throws -> [String] {
    let names = ["HANDBOOK.md", "README.md", "CONTRIBUTING.md", "Makefile", "Package.swift"]
    let folders = ["Sources", "Tests", "Fuzz", "docs", "scripts", "Benchmark", "deploy"]
    let binary: Set<String> = ["pcap", "png", "pyc"]
    return names
      + (try folders.flatMap { folder in
        try FileManager.default.subpathsOfDirectory(
          atPath: Page.root.appending(path: folder).path
        ).map { "\(folder)/\($0)" }
      }).filter { path in
        var isFolder: ObjCBool = false
        let whole = Page.root.appending(path: path).path
        return unsafe FileManager.default.fileExists(atPath: whole, isDirectory: &isFolder)
          // These two have citations as examples, good ones and bad ones.
          && !path.hasPrefix("Tests/DocumentationTests/Citation") && !isFolder.boolValue
          && !binary.contains(URL(filePath: path).pathExtension)
      }
  }
}
