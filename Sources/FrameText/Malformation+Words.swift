internal import Wire

extension Malformation {
  /// Why a frame is not understood, for people who look at it.
  var words: String {
    switch self {
    case .truncated: "shorter than its headers say"
    case .notEthernetII: "802.3 with LLC, not Ethernet II"
    case .tagged: "carries a VLAN tag"
    case .otherProtocol: "neither ARP nor IPv6"
    case .addressFormat: "not IPv4 over Ethernet"
    case .ipVersion: "IP version is not 6"
    case .fragmented: "a fragment"
    case .notICMPv6: "not ICMPv6"
    case .hopLimit: "hop limit is not 255: it came through a router"
    case .checksum: "wrong checksum"
    case .otherMessage: "neither solicitation nor advertisement"
    case .code: "ICMPv6 code is not 0"
    case .multicastTarget: "its target is a multicast address"
    case .option: "an option of no length, or beyond the end"
    case .linkLayerOption: "a link-layer option that is not 8 octets long"
    case .unspecifiedSource:
      "from :: with a source link-layer option, or not to a solicited-node group"
    case .solicitedMulticast: "solicited flag in an advertisement to a group"
    }
  }
}
