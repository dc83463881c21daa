import Announcer
import Time
import Wire

/// The small LAN of the verdict tests: our link 7 with two claims, and a client that asks.
enum Sample {
  static let own = MACAddress(rawValue: 0x0200_0000_000b)
  static let otherOwn = MACAddress(rawValue: 0x0200_0000_00b0)
  static let client = MACAddress(rawValue: 0x0200_0000_000a)
  static let foreign = MACAddress(rawValue: 0x0200_0000_00ff)
  static let address = IPv4Address(10, 80, 8, 150)
  static let address6 = IPv6Address("2001:db8::10")!
  static let clientAddress = IPv4Address(10, 80, 8, 1)
  static let clientAddress6 = IPv6Address("fe80::a")!
  static let linkLocal = IPv6Address("fe80::b")!
  static let now = Instant(nanoseconds: 1_000_000_000_000)
  static let deadline = now + .seconds(1)

  static func table(
    deadline: Instant = Sample.deadline, linkLocal: IPv6Address? = Sample.linkLocal,
    openedAt: Instant = .distantPast, revision: UInt64 = 0
  ) -> ClaimTable {
    let claims: [(claim: Claim, slot: Int32, openedAt: Instant)] = [
      (Claim(address: .v4(address), interfaceIndex: 7), 0, openedAt),
      (Claim(address: .v6(address6), interfaceIndex: 7), 1, openedAt),
    ]
    return ClaimTable(
      claims: claims,
      links: [
        LinkContext(interfaceIndex: 7, hardwareAddress: own, linkLocalAddress: linkLocal),
        LinkContext(interfaceIndex: 8, hardwareAddress: otherOwn),
      ],
      ownHardwareAddresses: [own, otherOwn], deadline: deadline, revision: revision)
  }

  static func arrival(
    link: Int32 = 7, type: Arrival.PacketType = .broadcast, age: Duration = .microseconds(20)
  ) -> Arrival {
    Arrival(interfaceIndex: link, packetType: type, receivedAt: now - age)
  }

  static func request(
    _ change: (inout ARPPacket) -> Void = { _ in }
  ) -> [UInt8] {
    var packet = ARPPacket(
      operation: 1, senderHardwareAddress: client, senderProtocolAddress: clientAddress,
      targetHardwareAddress: .zero, targetProtocolAddress: address)
    change(&packet)
    return octets(Frame(destination: .broadcast, source: client, message: .arp(packet)))
  }

  static func solicitation(
    target: IPv6Address = address6, from source: IPv6Address = clientAddress6,
    to destination: IPv6Address? = nil, option: MACAddress? = client, frameFrom: MACAddress = client
  ) -> [UInt8] {
    let destination = destination ?? target.solicitedNodeGroup
    return [UInt8](capacity: 86) { output in
      EthernetHeader(
        destination: MACAddress(multicast: destination), source: frameFrom,
        etherType: EthernetHeader.ipv6
      ).write(into: &output)
      NeighborSolicitation(target: target, sourceLinkLayerAddress: option)
        .write(from: source, to: destination, into: &output)
    }
  }

  static func octets(_ frame: Frame) -> [UInt8] {
    [UInt8](capacity: frame.length) { frame.write(into: &$0) }
  }
}

extension ClaimTable {
  func judge(
    _ frame: [UInt8], _ arrival: Arrival = Sample.arrival(), now: Instant = Sample.now
  ) -> Verdict {
    verdict(on: frame.span, from: arrival, now: now)
  }
}
