internal import Wire

extension Value {
  /// An entry of `addresses`: an address, a range `a-b`, or a prefix `a/n`, which means every
  /// address of the block, the first and the last included.
  func addresses() -> IPRange? {
    guard let text = text() else { return nil }
    guard let range = range(text) else { return nil }
    guard range.count <= AddressCount.limit else {
      fail(
        "'\(text)' is \(AddressCount.text(range.count)) addresses",
        suggestion: "at most \(AddressCount.text(AddressCount.limit)) can be announced")
      return nil
    }
    for address in range.addresses {
      guard let reason = address.reasonNotAnnounceable else { continue }
      fail(
        range.lower == range.upper
          ? "'\(text)' cannot be announced: \(reason)"
          : "\(address) of '\(text)' cannot be announced: \(reason)")
      return nil
    }
    return range
  }

  private func range(_ text: String) -> IPRange? {
    if let slash = text.firstIndex(of: "/") {
      return block(text, text[..<slash], text[text.index(after: slash)...])
    }
    if let dash = text.firstIndex(of: "-") {
      return run(text, text[..<dash], text[text.index(after: dash)...])
    }
    guard let address = IPAddress(text) else { return failOnAddress(text) }
    return IPRange(address)
  }

  private func block(_ text: String, _ base: Substring, _ length: Substring) -> IPRange? {
    guard let address = IPAddress(base), !length.isEmpty, length.utf8.count <= 3,
      length.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let length = Int(length)
    else { return failOnAddress(text) }
    guard let range = IPRange(address, prefixLength: length) else {
      fail(
        "'\(text)' has a prefix of \(length) bits",
        suggestion: "write 0 to \(address.isIPv6 ? 128 : 32)")
      return nil
    }
    // `10.80.8.5/24` is how an interface's address is written. Taking it for the block would
    // announce the whole subnet, its router included.
    guard range.lower == address else {
      fail(
        "'\(text)' is an address inside a block",
        suggestion: "write \(range.lower)/\(length) for its \(AddressCount.text(range.count)) "
          + "addresses or \(address) for the one")
      return nil
    }
    return range
  }

  private func run(_ text: String, _ lower: Substring, _ upper: Substring) -> IPRange? {
    guard let lower = IPAddress(Self.trimmed(lower)) else { return failOnAddress(text) }
    guard let upper = IPAddress(Self.trimmed(upper)) else {
      guard let meant = Self.completed(Self.trimmed(upper), as: lower) else {
        return failOnAddress(text)
      }
      fail(
        "'\(text)' ends with a part of an address", suggestion: "write \(lower)-\(meant)")
      return nil
    }
    guard lower.isIPv6 == upper.isIPv6 else {
      fail("'\(text)' mixes IPv4 and IPv6", suggestion: "write both ends in one family")
      return nil
    }
    guard let range = IPRange(lower, upper) else {
      fail("'\(text)' runs backwards", suggestion: "write \(upper)-\(lower)")
      return nil
    }
    return range
  }

  private func failOnAddress(_ text: String) -> IPRange? {
    if let slip = AddressSlip(text) {
      fail("'\(Self.excerpt(text))' \(slip.fault)", suggestion: "write \(slip.meant)")
      return nil
    }
    fail(
      "'\(Self.excerpt(text))' is not an address, range or prefix",
      suggestion: "write 10.80.8.150, 10.80.8.160-10.80.8.169 or 10.80.15.0/28")
    return nil
  }

  /// What `160` means behind `10.80.8.150-`, as other programs read it; nil where it can mean nothing.
  private static func completed(_ end: Substring, as lower: IPAddress) -> IPAddress? {
    let text = lower.description
    guard !end.isEmpty, let separator = text.lastIndex(where: { $0 == "." || $0 == ":" }),
      let address = IPAddress(text[...separator] + end), lower < address
    else { return nil }
    return address
  }

  private static func trimmed(_ text: Substring) -> Substring {
    var text = text
    while text.first == " " { text.removeFirst() }
    while text.last == " " { text.removeLast() }
    return text
  }
}
