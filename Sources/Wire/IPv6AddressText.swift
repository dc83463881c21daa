extension IPv6Address {
  /// Reads the text forms of RFC 4291 §2.2, an embedded IPv4 tail included. No zone, no brackets.
  package init?(_ text: some StringProtocol) {
    var text = String(text)
    guard text.utf8.count <= 45, !text.contains(":::") else { return nil }
    if text.contains(".") {
      guard let colon = text.lastIndex(of: ":"),
        let tail = IPv4Address(text[text.index(after: colon)...])
      else { return nil }
      let high = String(tail.rawValue >> 16, radix: 16)
      let low = String(tail.rawValue & 0xffff, radix: 16)
      text = "\(text[...colon])\(high):\(low)"
    }
    let value: UInt128
    if let gap = text.firstRange(of: "::") {
      let head = text[..<gap.lowerBound]
      let tail = text[gap.upperBound...]
      guard !tail.contains("::"), let left = Self.groups(head), let right = Self.groups(tail),
        left.count + right.count <= 7
      else { return nil }
      value = Self.join(left) << UInt128(16 * (8 - left.count)) | Self.join(right)
    } else {
      guard let groups = Self.groups(text[...]), groups.count == 8 else { return nil }
      value = Self.join(groups)
    }
    self.init(rawValue: value)
  }

  /// The groups of `a:b:c`; an empty text has none; nil where one is not 1–4 hexadecimal digits.
  private static func groups(_ text: Substring) -> [UInt16]? {
    if text.isEmpty { return [] }
    var groups: [UInt16] = []
    for part in text.split(separator: ":", omittingEmptySubsequences: false) {
      guard (1...4).contains(part.utf8.count) else { return nil }
      var value: UInt16 = 0
      for byte in part.utf8 {
        guard let digit = hexadecimalValue(byte) else { return nil }
        value = value << 4 | UInt16(digit)
      }
      groups.append(value)
    }
    return groups
  }

  private static func join(_ groups: [UInt16]) -> UInt128 {
    groups.reduce(0) { $0 << 16 | UInt128($1) }
  }
}

extension IPv6Address: CustomStringConvertible {
  /// The canonical form of RFC 5952: lower case, the longest run of zero groups as `::`, and an IPv4-mapped
  /// address with its IPv4 part as people know it (§5).
  package var description: String {
    if isIPv4Mapped {
      return "::ffff:\(IPv4Address(rawValue: UInt32(truncatingIfNeeded: rawValue)))"
    }
    let groups = (0..<8).map { UInt16(truncatingIfNeeded: rawValue >> UInt128(112 - 16 * $0)) }
    var longest = 0..<0
    var start = 0
    while start < 8 {
      var end = start
      while end < 8 && groups[end] == 0 { end += 1 }
      if end - start > longest.count { longest = start..<end }
      start = max(end, start + 1)
    }
    let text = { (part: ArraySlice<UInt16>) in
      part.map { String($0, radix: 16) }.joined(separator: ":")
    }
    guard longest.count >= 2 else { return text(groups[...]) }
    return "\(text(groups[..<longest.lowerBound]))::\(text(groups[longest.upperBound...]))"
  }
}
