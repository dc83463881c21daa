package import Wire

/// A frame that the program may send: an answer, an announcement, or a question about a claim.
package struct Frame: Hashable, Sendable {
  package enum Message: Hashable, Sendable {
    case arp(ARPPacket)
    case advertisement(NeighborAdvertisement, from: IPv6Address, to: IPv6Address)
    case solicitation(NeighborSolicitation, from: IPv6Address, to: IPv6Address)
  }

  package var destination: MACAddress
  package var source: MACAddress
  package var message: Message

  /// The longest frame: Ethernet 14, IPv6 40, advertisement 24, option 8.
  package static let maximumLength = 86

  package init(destination: MACAddress, source: MACAddress, message: Message) {
    self.destination = destination
    self.source = source
    self.message = message
  }

  package var etherType: UInt16 {
    switch message {
    case .arp: EthernetHeader.arp
    case .advertisement, .solicitation: EthernetHeader.ipv6
    }
  }

  /// Octets on the wire: ARP is padded to Ethernet's minimum.
  package var length: Int {
    switch message {
    case .arp: EthernetHeader.minimumFrameLength
    case .advertisement(let advertisement, _, _):
      advertisement.targetLinkLayerAddress == nil ? 78 : 86
    case .solicitation(let solicitation, _, _):
      solicitation.sourceLinkLayerAddress == nil ? 78 : 86
    }
  }

  /// Fills `output` to its capacity (at least `length` octets): the frame, then zeros. Padding
  /// carries nothing of what came in before.
  @inline(__always)
  package func write(into output: inout OutputSpan<UInt8>) {
    EthernetHeader(destination: destination, source: source, etherType: etherType)
      .write(into: &output)
    switch message {
    case .arp(let packet): packet.write(into: &output)
    case .advertisement(let advertisement, let source, let target):
      advertisement.write(from: source, to: target, into: &output)
    case .solicitation(let solicitation, let source, let target):
      solicitation.write(from: source, to: target, into: &output)
    }
    while !output.isFull { output.append(0 as UInt8) }
  }
}
