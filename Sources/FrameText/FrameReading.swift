package import Wire

/// What a frame says: the Ethernet header, and the message behind it or why there is none.
package struct FrameReading: Hashable, Sendable {
  /// Nil where the frame ends before it.
  package var source: MACAddress?
  package var destination: MACAddress?
  package var message: Message

  package enum Message: Hashable, Sendable {
    case arp(ARPPacket)
    case solicitation(NeighborSolicitation, from: IPv6Address, to: IPv6Address)
    case advertisement(NeighborAdvertisement, from: IPv6Address, to: IPv6Address)
    case malformed(Malformation, FrameAddresses)
  }

  package init(_ octets: [UInt8]) {
    let frame = octets.span
    if frame.count >= 12 {
      destination = frame.macAddress(at: 0)
      source = frame.macAddress(at: 6)
    }
    do throws(Malformation) {
      message = try Self.message(frame)
    } catch {
      message = .malformed(error, FrameAddresses(octets))
    }
  }

  private static func message(_ frame: Span<UInt8>) throws(Malformation) -> Message {
    let ethernet = try EthernetHeader.parse(frame)
    switch ethernet.etherType {
    case EthernetHeader.arp: return .arp(try ARPPacket.parse(frame, at: ethernet.payloadOffset))
    case EthernetHeader.ipv6:
      let header = try ICMPv6Header.parse(frame, at: ethernet.payloadOffset)
      if header.type == ICMPv6Header.neighborSolicitation {
        return .solicitation(
          try NeighborSolicitation.parse(frame, header), from: header.source,
          to: header.destination)
      }
      return .advertisement(
        try NeighborAdvertisement.parse(frame, header), from: header.source,
        to: header.destination)
    default: throw .otherProtocol
    }
  }
}
