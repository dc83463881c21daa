/// Whether a command printed what its page shows, but for what differs from run to run.
enum OutputMatch {
  /// `…` in a shown line stands for anything in it, as a line of its own for any lines. Hardware addresses,
  /// times, durations, counts and the width of columns may differ.
  static func matches(_ shown: [String], _ printed: String) -> Bool {
    var lines = printed.split(separator: "\n", omittingEmptySubsequences: false).map {
      masked(String($0))
    }
    while lines.last?.isEmpty == true { lines.removeLast() }
    return matches(shown.map(masked)[...], lines[...])
  }

  private static func matches(_ shown: ArraySlice<String>, _ printed: ArraySlice<String>) -> Bool {
    guard let line = shown.first else { return printed.isEmpty }
    if line == "…" {
      return matches(shown.dropFirst(), printed)
        || !printed.isEmpty && matches(shown, printed.dropFirst())
    }
    guard let first = printed.first, lineMatches(line, first) else { return false }
    return matches(shown.dropFirst(), printed.dropFirst())
  }

  private static func lineMatches(_ shown: String, _ printed: String) -> Bool {
    let parts = shown.split(separator: "…", omittingEmptySubsequences: false)
    guard parts.count > 1 else { return shown == printed }
    guard printed.hasPrefix(parts[0]), printed.hasSuffix(parts[parts.count - 1]),
      printed.count >= parts[0].count + parts[parts.count - 1].count
    else { return false }
    var rest = printed.dropFirst(parts[0].count).dropLast(parts[parts.count - 1].count)
    for part in parts.dropFirst().dropLast() where !part.isEmpty {
      guard let range = rest.firstRange(of: part) else { return false }
      rest = rest[range.upperBound...]
    }
    return true
  }

  /// A line without what differs from run to run.
  static func masked(_ line: String) -> String {
    var text = line
    text.replace(/\b[0-9a-f]{2}(:[0-9a-f]{2}){5}\b/.ignoresCase(), with: "<mac>")
    text.replace(/\b[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9:.]+Z?)?/, with: "<time>")
    text.replace(/\b[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?\b/, with: "<time>")
    // A session's random name behind the node's.
    text.replace(/\b[0-9a-f]{8,}\b/, with: "<id>")
    text.replace(/[0-9]+(\.[0-9]+)? ?(ms|msec|min|d|h|m|s)\b/, with: "<duration>")
    // Word by word, so that no part of an address, a version or a name is taken for a count.
    let words = text.split { $0 == " " || $0 == "\t" }.map(maskedWord)
    return words.joined(separator: " ")
  }

  private static func maskedWord(_ word: Substring) -> String {
    let open = word.prefix { "([\"".contains($0) }
    let digits = word.dropFirst(open.count).prefix { $0.isASCII && $0.isNumber }
    let rest = word.dropFirst(open.count + digits.count)
    guard !digits.isEmpty, rest.allSatisfy({ ",;)]\"".contains($0) }) else { return String(word) }
    return "\(open)<n>\(rest)"
  }
}
