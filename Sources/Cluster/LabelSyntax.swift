/// What may be written as a label's key and value (Kubernetes: "Labels and Selectors", Syntax and
/// character set; `validation.IsQualifiedName`, `IsValidLabelValue`).
enum LabelSyntax {
  /// The longest name part of a key, and the longest value.
  private static let nameLimit = 63
  /// The longest prefix of a key: a DNS subdomain (RFC 1123).
  private static let prefixLimit = 253

  /// Why `key` is no key; nil where it is one: `app` or `example.com/app`.
  static func fault(inKey key: String) -> String? {
    let parts = key.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count <= 2 else { return "'\(key)' has more than one slash" }
    let name = parts[parts.count - 1]
    guard !name.isEmpty else { return "'\(key)' has no name" }
    if let reason = fault(inWord: name) { return "'\(key)' is no key: \(reason)" }
    guard parts.count == 2 else { return nil }
    guard isSubdomain(parts[0]) else { return "'\(key)' is no key: its prefix is no DNS name" }
    return nil
  }

  /// Why `value` is no value; nil where it is one. The empty one is.
  static func fault(inValue value: String) -> String? {
    guard !value.isEmpty, let reason = fault(inWord: value[...]) else { return nil }
    return "'\(value)' is no value: \(reason)"
  }

  private static func fault(inWord word: Substring) -> String? {
    let octets = word.utf8
    guard octets.count <= nameLimit else { return "longer than \(nameLimit) characters" }
    guard octets.allSatisfy({ isAlphanumeric($0) || "-_.".utf8.contains($0) }) else {
      return "only letters, digits, '-', '_' and '.' are allowed"
    }
    guard let first = octets.first, let last = octets.last, isAlphanumeric(first),
      isAlphanumeric(last)
    else { return "it must begin and end with a letter or a digit" }
    return nil
  }

  /// Lower-case labels of letters, digits and inner hyphens, joined by dots.
  private static func isSubdomain(_ text: Substring) -> Bool {
    guard text.utf8.count <= prefixLimit else { return false }
    return text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
      let octets = label.utf8
      guard let first = octets.first, let last = octets.last else { return false }
      return octets.allSatisfy { isLowercase($0) || isDigit($0) || $0 == UInt8(ascii: "-") }
        && first != UInt8(ascii: "-") && last != UInt8(ascii: "-")
    }
  }

  private static func isAlphanumeric(_ octet: UInt8) -> Bool {
    isLowercase(octet) || isLowercase(octet | 0x20) && octet < 0x60 || isDigit(octet)
  }

  private static func isLowercase(_ octet: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(octet)
  }

  private static func isDigit(_ octet: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(octet)
  }
}
