package import Wire

/// The addresses at their places in an ARP packet or a neighbour message, whether or not the rest of
/// the frame is in order.
///
/// A frame is chosen by these, as the kernel's filter chooses it: a question for one of our addresses
/// that nobody answers, because its checksum is wrong, is what people look for.
package struct FrameAddresses: Hashable, Sendable {
  package enum Family: String, Hashable, Sendable {
    case arp = "ARP"
    case ndp = "NDP"
    case other = "Ethernet"
  }

  package var family = Family.other
  package var sender: IPAddress?
  /// Whom an ARP packet asks for, or tells; the target of a neighbour message.
  package var target: IPAddress?
  /// The IPv6 destination.
  package var recipient: IPAddress?

  package init(_ octets: [UInt8]) {
    let frame = octets.span
    var offset = 12
    // Tags, one or two of them, stand before the EtherType.
    while frame.count >= offset + 6, [0x8100, 0x88a8].contains(frame.uint16(at: offset)) {
      offset += 4
    }
    guard frame.count >= offset + 2 else { return }
    let payload = offset + 2
    switch frame.uint16(at: offset) {
    case EthernetHeader.arp:
      family = .arp
      guard frame.count >= payload + ARPPacket.length else { return }
      sender = .v4(frame.ipv4Address(at: payload + 14))
      target = .v4(frame.ipv4Address(at: payload + 24))
    case EthernetHeader.ipv6:
      family = .ndp
      let message = payload + ICMPv6Header.ipv6HeaderLength
      guard frame.count >= message else { return }
      sender = .v6(frame.ipv6Address(at: payload + 8))
      recipient = .v6(frame.ipv6Address(at: payload + 24))
      guard frame.count >= message + 24 else { return }
      target = .v6(frame.ipv6Address(at: message + 8))
    default: break
    }
  }

  /// Whether one of `addresses` is among them.
  package func contains(anyOf addresses: Set<IPAddress>) -> Bool {
    [sender, target, recipient].contains { $0.map(addresses.contains) ?? false }
  }
}
