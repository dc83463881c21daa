/// A run of addresses of one family, both ends included.
package struct IPRange: Hashable, Sendable {
  package let lower: IPAddress
  package let upper: IPAddress

  /// Nil where the ends are of different families or in the wrong order.
  package init?(_ lower: IPAddress, _ upper: IPAddress) {
    guard lower.isIPv6 == upper.isIPv6, lower <= upper else { return nil }
    self.lower = lower
    self.upper = upper
  }

  package init(_ address: IPAddress) {
    lower = address
    upper = address
  }

  /// The block that `address/prefixLength` lies in, its host bits cleared (RFC 4632 §3.1).
  /// Nil where the length exceeds the family's (32 or 128) or is negative.
  package init?(_ address: IPAddress, prefixLength: Int) {
    switch address {
    case .v4(let address):
      guard (0...32).contains(prefixLength) else { return nil }
      let host = UInt32.max >> UInt32(prefixLength)
      lower = .v4(IPv4Address(rawValue: address.rawValue & ~host))
      upper = .v4(IPv4Address(rawValue: address.rawValue | host))
    case .v6(let address):
      guard (0...128).contains(prefixLength) else { return nil }
      let host = UInt128.max >> UInt128(prefixLength)
      lower = .v6(IPv6Address(rawValue: address.rawValue & ~host))
      upper = .v6(IPv6Address(rawValue: address.rawValue | host))
    }
  }

  /// How many addresses, clamped to `UInt128.max` for `::/0`.
  package var count: UInt128 {
    let (count, overflow) = (upper.number - lower.number).addingReportingOverflow(1)
    return overflow ? .max : count
  }

  package func contains(_ address: IPAddress) -> Bool {
    lower <= address && address <= upper && address.isIPv6 == lower.isIPv6
  }

  /// Every address in order. Ask for `count` first: a /64 has 2⁶⁴ of them.
  package var addresses: some Sequence<IPAddress> {
    let isIPv6 = lower.isIPv6
    return (lower.number...upper.number).lazy.map { number in
      isIPv6
        ? .v6(IPv6Address(rawValue: number))
        : .v4(IPv4Address(rawValue: UInt32(truncatingIfNeeded: number)))
    }
  }
}

extension IPRange: CustomStringConvertible {
  package var description: String { lower == upper ? "\(lower)" : "\(lower)-\(upper)" }
}
