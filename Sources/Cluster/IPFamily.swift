package import Wire

/// One of the two families of addresses, under the name that the API has for it (`v1.IPFamily`).
package enum IPFamily: String, Hashable, Sendable, CaseIterable {
  case ipv4 = "IPv4"
  case ipv6 = "IPv6"

  package init(_ address: IPAddress) {
    self = address.isIPv6 ? .ipv6 : .ipv4
  }

  package var other: IPFamily { self == .ipv4 ? .ipv6 : .ipv4 }

  /// The address of this family with a number that the family has.
  package func address(_ number: UInt128) -> IPAddress {
    switch self {
    case .ipv4: .v4(IPv4Address(rawValue: UInt32(truncatingIfNeeded: number)))
    case .ipv6: .v6(IPv6Address(rawValue: number))
    }
  }

  private static let justIPv4 = [IPFamily.ipv4]
  private static let justIPv6 = [IPFamily.ipv6]
  private static let bothIPv4First = [IPFamily.ipv4, .ipv6]
  private static let bothIPv6First = [IPFamily.ipv6, .ipv4]

  /// These families, in one array for all who have the same: ten thousand Services share four.
  package static func shared(_ families: [IPFamily]) -> [IPFamily] {
    guard let first = families.first else { return justIPv4 }
    let isBoth = families.contains(first.other)
    switch first {
    case .ipv4: return isBoth ? bothIPv4First : justIPv4
    case .ipv6: return isBoth ? bothIPv6First : justIPv6
    }
  }
}

extension IPFamily: CustomStringConvertible {
  package var description: String { rawValue }
}
