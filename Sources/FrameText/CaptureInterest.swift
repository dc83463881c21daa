package import Wire

/// Which frames a capture is about: all ARP and neighbour discovery, or what concerns some addresses.
package struct CaptureInterest: Hashable, Sendable {
  /// Nil for all.
  package let addresses: Set<IPAddress>?

  /// More than these are not told apart in the kernel, whose programs have 4,096 instructions at most
  /// and whose compiler takes its time; then ARP and neighbour discovery all come up, and are told
  /// apart here.
  static let longestExpression = 64

  package init(addresses: Set<IPAddress>?) {
    self.addresses = addresses
  }

  /// The same in the language of `pcap-filter(7)`, which libpcap compiles for the kernel; it may pass
  /// more, never less. It asks for raw octets: what is malformed passes too.
  package var expression: String {
    guard let addresses else { return "\(Self.arp) or \(Self.ndp)" }
    let isLong = addresses.count > Self.longestExpression
    var parts: [String] = []
    var v4: [String] = []
    var v6: [String] = []
    for address in addresses.sorted() {
      switch address {
      case .v4(let address):
        v4.append("arp[14:4] = \(address.rawValue) or arp[24:4] = \(address.rawValue)")
      case .v6(let address):
        // The source, the destination and the target.
        v6 += [8, 24, 48].map { Self.equal(address, at: $0) }
      }
    }
    if !v4.isEmpty {
      parts.append(isLong ? Self.arp : "(\(Self.arp) and (\(v4.joined(separator: " or "))))")
    }
    if !v6.isEmpty {
      parts.append(isLong ? Self.ndp : "(\(Self.ndp) and (\(v6.joined(separator: " or "))))")
    }
    return parts.joined(separator: " or ")
  }

  /// Whether the frame is one of them: what the expression lets pass is looked at again.
  package func includes(_ frame: SeenFrame) -> Bool {
    guard let addresses else { return true }
    return FrameAddresses(frame.octets).contains(anyOf: addresses)
  }

  private static let arp = "arp"
  private static let ndp = "(icmp6 and (ip6[40] = 135 or ip6[40] = 136))"

  private static func equal(_ address: IPv6Address, at offset: Int) -> String {
    let words = (0..<4).map { index in
      let word = UInt32(truncatingIfNeeded: address.rawValue >> UInt128(96 - 32 * index))
      return "ip6[\(offset + 4 * index):4] = \(word)"
    }
    return "(\(words.joined(separator: " and ")))"
  }
}
