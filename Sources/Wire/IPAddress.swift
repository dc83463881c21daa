/// An address of either family.
package enum IPAddress: Hashable, Sendable {
  case v4(IPv4Address)
  case v6(IPv6Address)

  /// Reads either family's text form; nil for anything else.
  package init?(_ text: some StringProtocol) {
    if let address = IPv4Address(text) {
      self = .v4(address)
    } else if let address = IPv6Address(text) {
      self = .v6(address)
    } else {
      return nil
    }
  }

  package var isIPv6: Bool {
    if case .v6 = self { true } else { false }
  }

  /// The address as a number within its family.
  package var number: UInt128 {
    switch self {
    case .v4(let address): UInt128(address.rawValue)
    case .v6(let address): address.rawValue
    }
  }

  /// In fe80::/10.
  package var isLinkLocalIPv6: Bool {
    if case .v6(let address) = self { address.isLinkLocal } else { false }
  }

  /// Why no node may announce this address, in words; nil where it may.
  ///
  /// Unspecified, loopback, multicast and broadcast addresses name no single host (RFC 1122
  /// §3.2.1.3, RFC 4291 §2.5), and a link-local address means another host on every link.
  package var reasonNotAnnounceable: String? {
    switch self {
    case .v4(let address):
      if address.isThisNetwork { return "0.0.0.0/8 names no host" }
      if address.isLoopback { return "a loopback address is never on a LAN" }
      if address.isMulticast { return "a multicast address belongs to no single host" }
      if address.rawValue >= 0xf000_0000 { return "240.0.0.0/4 is reserved" }
    case .v6(let address):
      if address == .any { return "the unspecified address names no host" }
      if address == .loopback { return "a loopback address is never on a LAN" }
      if address.isMulticast { return "a multicast address belongs to no single host" }
      if address.isIPv4Mapped { return "an IPv4-mapped address is never on the wire" }
      if address.isDiscardOnly { return "100::/64 is where packets are discarded (RFC 6666)" }
      if address.isLinkLocal { return "a link-local address means another host on every link" }
    }
    return nil
  }
}

extension IPAddress: Comparable {
  /// IPv4 before IPv6, then by number.
  package static func < (left: Self, right: Self) -> Bool {
    switch (left, right) {
    case (.v4(let left), .v4(let right)): left < right
    case (.v6(let left), .v6(let right)): left < right
    case (.v4, .v6): true
    case (.v6, .v4): false
    }
  }
}

extension IPAddress: CustomStringConvertible {
  package var description: String {
    switch self {
    case .v4(let address): address.description
    case .v6(let address): address.description
    }
  }
}
