import Announcer
import Time
import Wire

/// The whole verdict: any octets, from any kind of arrival, against a table with a claim of each
/// family. Nothing crashes, and whatever is answered is answered in the right form, to the asker.
///
/// The first octet chooses the arrival; the rest is the frame.
func fuzz(_ input: Span<UInt8>) {
  guard !input.isEmpty else { return }
  let now = Instant(nanoseconds: 1_000_000_000_000)
  let own = MACAddress(rawValue: 0x0200_0000_000b)
  let address = IPv4Address(10, 80, 8, 150)
  let address6 = IPv6Address(rawValue: 0x2001_0db8 << 96 | 0x10)
  let claims: [(claim: Claim, slot: Int32, openedAt: Instant)] = [
    (Claim(address: .v4(address), interfaceIndex: 7), 0, .distantPast),
    (Claim(address: .v6(address6), interfaceIndex: 7), 1, .distantPast),
  ]
  let choice = input[0]
  let table = ClaimTable(
    claims: claims, links: [LinkContext(interfaceIndex: 7, hardwareAddress: own)],
    ownHardwareAddresses: [own], deadline: choice & 0x10 == 0 ? now + .seconds(1) : now)
  let arrival = Arrival(
    interfaceIndex: choice & 0x20 == 0 ? 7 : 8,
    packetType: Arrival.PacketType(rawValue: choice & 0x07) ?? .host,
    receivedAt: choice & 0x40 == 0 ? now : now - .seconds(1))
  let frame = octets(input, from: 1)
  guard case .reply(let reply, let slot) = table.verdict(on: frame.span, from: arrival, now: now)
  else { return }
  // Behind a shut gate, on another link, to another host, or too late: never.
  let isForUs = [.host, .broadcast, .multicast].contains(arrival.packetType)
  precondition(choice & 0x70 == 0 && isForUs)
  precondition(reply.source == own && !(reply.destination == own) && (slot == 0 || slot == 1))
  let bytes = [UInt8](capacity: reply.length) { reply.write(into: &$0) }
  let answer = bytes.span
  do {
    let header = try EthernetHeader.parse(answer)
    if header.etherType == EthernetHeader.arp {
      let packet = try ARPPacket.parse(answer, at: 14)
      precondition(packet.operation == ARPPacket.reply && packet.senderProtocolAddress == address)
      precondition(packet.targetHardwareAddress == header.destination)
    } else {
      let message = try ICMPv6Header.parse(answer, at: 14)
      let advertisement = try NeighborAdvertisement.parse(answer, message)
      precondition(advertisement.target == address6 && !advertisement.isRouter)
      precondition(advertisement.isSolicited == !message.destination.isMulticast)
    }
  } catch {
    fatalError("an answer that our own reader refuses: \(error)")
  }
}
