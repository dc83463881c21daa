/// An IPv6 address (RFC 4291).
package struct IPv6Address: Hashable, Comparable, Sendable {
  /// The address as a number, the first octet on the wire the most significant.
  package let rawValue: UInt128

  package init(rawValue: UInt128) {
    self.rawValue = rawValue
  }

  /// The unspecified address `::` (RFC 4291 §2.5.2): source of duplicate address detection.
  package static let any = IPv6Address(rawValue: 0)
  package static let loopback = IPv6Address(rawValue: 1)
  /// `ff02::1` (RFC 4291 §2.7.1).
  package static let allNodes = IPv6Address(rawValue: 0xff02 << 112 | 1)

  package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

  package var isMulticast: Bool { rawValue >> 120 == 0xff }
  package var isLinkLocal: Bool { rawValue >> 118 == 0x3fa }
  /// `100::/64` (RFC 6666): what is sent there is discarded.
  package var isDiscardOnly: Bool { rawValue >> 64 == 0x0100_0000_0000_0000 }
  /// `::ffff:0:0/96` (RFC 4291 §2.5.5.2): an IPv4 address in disguise, never on the wire.
  package var isIPv4Mapped: Bool { rawValue >> 32 == 0xffff }

  /// `ff02::1:ffXX:XXXX`, the group that solicitations for this address go to (RFC 4291 §2.7.1).
  package var solicitedNodeGroup: IPv6Address {
    IPv6Address(rawValue: Self.solicitedNodePrefix | rawValue & 0xff_ffff)
  }

  /// Whether this is one of the solicited-node groups `ff02::1:ff00:0/104`.
  package var isSolicitedNodeGroup: Bool {
    rawValue >> 24 == Self.solicitedNodePrefix >> 24
  }

  private static let solicitedNodePrefix: UInt128 = 0xff02 << 112 | 0x1_ff00_0000
}
