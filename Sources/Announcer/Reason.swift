package import Wire

/// Why a frame was not answered. Counted per case and shown in `status` under `name`.
package enum Reason: UInt8, Error, CaseIterable, Sendable {
  case truncated, notEthernetII, tagged, otherProtocol, addressFormat, ipVersion, fragmented
  case notICMPv6, hopLimit, checksum, otherMessage, code, multicastTarget, option, linkLayerOption
  case unspecifiedSource, solicitedMulticast
  /// The frame was addressed to another station, and seen because the link is promiscuous.
  case otherHost
  /// It came in over a link on which nothing is announced.
  case unknownLink
  /// An ARP opcode other than request.
  case notRequest
  /// Nobody asked for one of our addresses: the usual case on a busy LAN.
  case targetNotClaimed
  /// The sender's hardware address is zero, a group, or broadcast: no station has it.
  case senderHardwareAddress
  /// The sender's protocol address is a group, loopback or broadcast address.
  case senderProtocolAddress
  /// Our own frame, reflected by a hairpin port or a loop.
  case ownFrame
  /// Somebody else asserts one of our addresses. Reported, never answered.
  case conflict
  /// The claim's deadline has passed: another node may be announcing.
  case gateClosed
  /// It waited in the socket too long, or since before the gate opened: whoever asked has asked
  /// somebody else by now.
  case stale
  /// The answer was made, and the kernel refused to send it.
  case sendFailed

  package init(_ malformation: Malformation) {
    self =
      switch malformation {
      case .truncated: .truncated
      case .notEthernetII: .notEthernetII
      case .tagged: .tagged
      case .otherProtocol: .otherProtocol
      case .addressFormat: .addressFormat
      case .ipVersion: .ipVersion
      case .fragmented: .fragmented
      case .notICMPv6: .notICMPv6
      case .hopLimit: .hopLimit
      case .checksum: .checksum
      case .otherMessage: .otherMessage
      case .code: .code
      case .multicastTarget: .multicastTarget
      case .option: .option
      case .linkLayerOption: .linkLayerOption
      case .unspecifiedSource: .unspecifiedSource
      case .solicitedMulticast: .solicitedMulticast
      }
  }

  /// The name that `status` and metrics use; stable.
  package var name: String {
    switch self {
    case .truncated: "truncated"
    case .notEthernetII: "not-ethernet-ii"
    case .tagged: "other-vlan"
    case .otherProtocol: "other-protocol"
    case .addressFormat: "malformed"
    case .ipVersion: "bad-ip-version"
    case .fragmented: "fragmented"
    case .notICMPv6: "not-icmpv6"
    case .hopLimit: "bad-hop-limit"
    case .checksum: "bad-checksum"
    case .otherMessage: "other-message"
    case .code: "bad-code"
    case .multicastTarget: "multicast-target"
    case .option: "bad-option"
    case .linkLayerOption: "bad-link-layer-option"
    case .unspecifiedSource: "bad-unspecified-source"
    case .solicitedMulticast: "solicited-multicast"
    case .otherHost: "other-host"
    case .unknownLink: "unknown-link"
    case .notRequest: "not-a-request"
    case .targetNotClaimed: "target-not-claimed"
    case .senderHardwareAddress: "bad-sender-hardware-address"
    case .senderProtocolAddress: "bad-sender-protocol-address"
    case .ownFrame: "own-frame"
    case .conflict: "conflict"
    case .gateClosed: "gate-closed"
    case .stale: "stale"
    case .sendFailed: "send-failed"
    }
  }
}
