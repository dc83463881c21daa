internal import YAMLDocuments

/// Takes secrets out of text that others will read: those that are known by heart, and what looks like
/// one wherever it stands.
///
/// The second line of defence behind `YAMLRedaction`: an error message may quote what the configuration
/// says, and a log may have what a server answered.
package struct Scrubber: Sendable {
  package static let mark = UserInformation.mark

  /// Known secrets by their first octet, the longest first.
  private let secrets: [UInt8: [[UInt8]]]

  /// Shorter ones would tear ordinary words apart; they are removed at their own places only.
  private static let shortest = 4

  package init(secrets: some Sequence<String>) {
    let octets = Set(secrets).map { Array($0.utf8) }.filter { $0.count >= Self.shortest }
    self.secrets = Dictionary(grouping: octets) { $0[0] }
      .mapValues { $0.sorted { $0.count > $1.count } }
  }

  package func scrub(_ text: String) -> String {
    var octets = Array(text.utf8)
    octets = withoutKnown(octets)
    octets = Self.withoutKeys(octets)
    octets = Self.withoutNamed(octets)
    octets = Self.withoutTokens(octets)
    return Self.withoutUserInformation(String(decoding: octets, as: UTF8.self))
  }

  private func withoutKnown(_ octets: [UInt8]) -> [UInt8] {
    guard !secrets.isEmpty else { return octets }
    var result: [UInt8] = []
    result.reserveCapacity(octets.count)
    var position = 0
    while position < octets.count {
      if let secret = secrets[octets[position]]?.first(where: {
        Self.matches(octets, at: position, $0)
      }) {
        result += Self.mark.utf8
        position += secret.count
      } else {
        result.append(octets[position])
        position += 1
      }
    }
    return result
  }

  /// Private keys in PEM (RFC 7468), to their end or the text's.
  private static func withoutKeys(_ octets: [UInt8]) -> [UInt8] {
    let begin = Array("-----BEGIN ".utf8)
    let key = Array("PRIVATE KEY-----".utf8)
    let end = Array("-----END ".utf8)
    var result: [UInt8] = []
    var position = 0
    while let start = find(begin, in: octets, from: position) {
      let line = octets[start...].prefix { $0 != UInt8(ascii: "\n") }
      result += octets[position..<start]
      guard find(key, in: Array(line), from: 0) != nil else {
        result += begin
        position = start + begin.count
        continue
      }
      result += mark.utf8
      guard let tail = find(end, in: octets, from: start) else { return result }
      position = find(key, in: octets, from: tail).map { $0 + key.count } ?? octets.count
    }
    return result + octets[position...]
  }

  /// `https://user:password@host` (RFC 3986 §3.2.1), with and without its scheme.
  private static func withoutUserInformation(_ text: String) -> String {
    var result = ""
    var position = text.startIndex
    for found in UserInformation.look(in: text) {
      result += text[position..<found.lowerBound]
      result += mark
      position = found.upperBound
    }
    return result + text[position...]
  }

  /// Words that are tokens by their form: JSON Web Tokens (RFC 7519) and bootstrap tokens of Kubernetes.
  private static func withoutTokens(_ octets: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(octets.count)
    var position = 0
    while position < octets.count {
      let word = octets[position...].prefix { isWord($0) || $0 == UInt8(ascii: ".") }
      guard !word.isEmpty else {
        result.append(octets[position])
        position += 1
        continue
      }
      result += isToken(word) ? Array(mark.utf8)[...] : word
      position = word.endIndex
    }
    return result
  }

  private static func isToken(_ word: ArraySlice<UInt8>) -> Bool {
    guard word.count >= 20 else { return false }
    let parts = word.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    // `{"` in base64.
    if word.starts(with: "eyJ".utf8) { return parts.count >= 3 }
    return parts.map(\.count) == [6, 16]
      && word.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x7a).contains($0) || $0 == 0x2e }
      && word.contains { (0x30...0x39).contains($0) }
  }

  /// `password=…`, `"token": "…"`, `Authorization: Bearer …`: the word after a name that promises a
  /// secret.
  private static func withoutNamed(_ octets: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(octets.count)
    var position = 0
    while position < octets.count {
      let word = octets[position...].prefix { isWord($0) }
      guard !word.isEmpty else {
        result.append(octets[position])
        position += 1
        continue
      }
      result += word
      position = word.endIndex
      let name = String(decoding: word, as: UTF8.self)
      let isScheme = ["bearer", "basic"].contains(name.lowercased())
      guard isScheme || SecretName.promises(name) else { continue }
      // The sign between name and value; a scheme of HTTP (RFC 9110 §11.4) has a blank.
      var start = position
      var hasSign = isScheme
      while start < octets.count, " \t\"'=:".utf8.contains(octets[start]) {
        hasSign =
          hasSign || octets[start] == UInt8(ascii: "=") || octets[start] == UInt8(ascii: ":")
        start += 1
      }
      guard hasSign, start > position else { continue }
      let end =
        octets[start...].firstIndex { $0 <= 0x20 || "\"',;&)}]".utf8.contains($0) }
        ?? octets.count
      // A path, a truth value, or another name such as `Bearer` is none.
      let value = String(decoding: octets[start..<end], as: UTF8.self)
      guard end - start >= shortest, value != mark, value.first != "/",
        !["null", "true", "false", "bearer", "basic"].contains(value.lowercased()),
        !isScheme || end - start >= 8
      else { continue }
      result += octets[position..<start]
      result += mark.utf8
      position = end
    }
    return result
  }

  private static func isWord(_ octet: UInt8) -> Bool {
    switch octet {
    case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, UInt8(ascii: "_"), UInt8(ascii: "-"): true
    default: false
    }
  }

  private static func matches(_ octets: [UInt8], at position: Int, _ word: [UInt8]) -> Bool {
    guard octets.count - position >= word.count else { return false }
    var offset = 0
    while offset < word.count {
      if octets[position + offset] != word[offset] { return false }
      offset += 1
    }
    return true
  }

  private static func find(_ word: [UInt8], in octets: [UInt8], from start: Int) -> Int? {
    var position = start
    while position + word.count <= octets.count {
      if octets[position] == word[0], matches(octets, at: position, word) { return position }
      position += 1
    }
    return nil
  }
}
