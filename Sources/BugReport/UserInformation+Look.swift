internal import YAMLDocuments

extension UserInformation {
  /// What looks like a name or password before a host, anywhere in a text: `https://user@host`, `user:password@host`,
  /// `token@host:2379`. An address of mail, or an interface that `ip` calls `v0@if2`, does not.
  static func look(in text: String) -> [Range<String.Index>] {
    guard text.utf8.contains(UInt8(ascii: "@")) else { return [] }
    let octets = text.utf8
    var found: [Range<String.Index>] = []
    var position = octets.startIndex
    while position < octets.endIndex {
      let word = octets[position...].prefix { !isEnd($0) }
      if word.isEmpty {
        position = octets.index(after: position)
        continue
      }
      if word.contains(UInt8(ascii: "@")),
        let range = range(inWord: text[word.startIndex..<word.endIndex])
      {
        found.append(range)
      }
      position = word.endIndex
    }
    return found
  }

  private static func isEnd(_ octet: UInt8) -> Bool {
    octet <= 0x20 || "\"'<>`{}|\\".utf8.contains(octet)
  }

  private static func range(inWord word: Substring) -> Range<String.Index>? {
    if let scheme = word.firstRange(of: "://") {
      let authority = word[scheme.upperBound...].prefix { !"/?#".contains($0) }
      if let at = authority.lastIndex(of: "@") {
        return authority.startIndex < at ? authority.startIndex..<at : nil
      }
      // A slash in the password: then a port follows the host.
      guard let at = word.lastIndex(of: "@"), word[scheme.upperBound..<at].contains(":"),
        hasPort(word[at...].dropFirst())
      else { return nil }
      return scheme.upperBound..<at
    }
    guard let at = word.lastIndex(of: "@"), at > word.startIndex else { return nil }
    var start = word.startIndex
    // `[a:b@host` of a list, `(a:b@host)`, `endpoints=a:b@host`.
    while start < at, "[(".contains(word[start]) { start = word.index(after: start) }
    if let sign = word[start..<at].firstIndex(of: "="),
      word[start..<sign].allSatisfy({ $0.isLetter || "-_.".contains($0) })
    {
      start = word.index(after: sign)
    }
    guard start < at else { return nil }
    let host = word[at...].dropFirst()
    let colon = word[start..<at].firstIndex(of: ":")
    let hasPassword = colon.map { word.index(after: $0) < at } ?? false
    let isHost = host.first.map { $0.isLetter || $0.isNumber || $0 == "[" } ?? false
    return isHost && (hasPassword || hasPort(host)) ? start..<at : nil
  }

  /// `10.0.0.1:2379`, `host:80/path`.
  private static func hasPort(_ host: Substring) -> Bool {
    let authority = host.prefix { !"/?#,;)".contains($0) }
    guard let colon = authority.lastIndex(of: ":"), colon > authority.startIndex else {
      return false
    }
    let digits = authority[authority.index(after: colon)...].prefix { $0.isNumber }
    return !digits.isEmpty
  }
}
