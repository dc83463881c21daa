internal import Wire

/// What an ARP packet is for, beyond its operation (RFC 826, RFC 5227 §1.1).
enum ARPKind: String {
  case request = "arp-request"
  case reply = "arp-reply"
  /// From 0.0.0.0: its sender wants to know whether the address is free.
  case probe = "arp-probe"
  /// A request for the sender's own address: it tells everybody where that is.
  case announcement = "arp-announcement"
  /// The same, as a reply.
  case gratuitousReply = "arp-gratuitous-reply"
  /// An operation that is somebody else's.
  case other = "arp-other"
}

extension ARPPacket {
  var kind: ARPKind {
    let isAboutItself = senderProtocolAddress == targetProtocolAddress
    switch operation {
    case Self.request where senderProtocolAddress == .any: return .probe
    case Self.request: return isAboutItself ? .announcement : .request
    case Self.reply: return isAboutItself ? .gratuitousReply : .reply
    default: return .other
    }
  }
}

extension NeighborAdvertisement {
  /// The flags that are set, in their order on the wire (RFC 4861 §4.4): `SO`; `-` for none.
  var letters: String {
    let letters = (isRouter ? "R" : "") + (isSolicited ? "S" : "") + (isOverride ? "O" : "")
    return letters.isEmpty ? "-" : letters
  }
}
