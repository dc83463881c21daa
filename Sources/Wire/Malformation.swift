/// Why a frame is not a message that this program understands.
package enum Malformation: UInt8, Error, CaseIterable, Sendable {
  /// Shorter than its own headers say it is.
  case truncated
  /// An 802.3 length where an EtherType should be: LLC or SNAP (RFC 1042), which we do not speak.
  case notEthernetII
  /// Carries an 802.1Q or 802.1ad tag of another broadcast domain.
  case tagged
  /// An EtherType other than ARP and IPv6: RARP, for instance.
  case otherProtocol
  /// Types or lengths of addresses that are not Ethernet's and IPv4's (RFC 826).
  case addressFormat
  /// The version field of an IPv6 header is not 6.
  case ipVersion
  /// A fragment: neighbour discovery is never fragmented (RFC 6980 §5).
  case fragmented
  /// IPv6 that carries something other than ICMPv6.
  case notICMPv6
  /// Hop limit other than 255: it came through a router (RFC 4861 §7.1).
  case hopLimit
  /// The ICMPv6 checksum is wrong (RFC 4443 §2.3).
  case checksum
  /// An ICMPv6 type other than neighbour solicitation and advertisement.
  case otherMessage
  /// An ICMPv6 code other than 0.
  case code
  /// The target is a multicast address (RFC 4861 §7.1).
  case multicastTarget
  /// An option of length zero, or one that reaches past the end (RFC 4861 §4.6).
  case option
  /// A link-layer address option that is not 8 octets long (RFC 4861 §4.6.1).
  case linkLayerOption
  /// Source `::` with a source link-layer option, or not to a solicited-node group (RFC 4861 §7.1.1).
  case unspecifiedSource
  /// An advertisement to a group with the solicited flag set (RFC 4861 §7.1.2).
  case solicitedMulticast
}
