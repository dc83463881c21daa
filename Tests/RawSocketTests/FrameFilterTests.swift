import Announcer
import RawSocket
import Testing
import Wire

struct FrameFilterTests {
  private let address = IPv4Address(10, 80, 8, 150)
  private let address6 = IPv6Address("2001:db8::10")!
  private let other = IPv4Address(10, 80, 8, 151)
  private let other6 = IPv6Address("2001:db8::11")!
  private let client = MACAddress(rawValue: 0x0200_0000_000a)

  private func passes(_ frame: [UInt8], _ interest: FrameFilter.Interest) -> Bool {
    let filter = FrameFilter(
      interest, addresses: [.v4(address), .v6(address6)], interfaces: [], knowsArrival: false)
    return FilterInterpreter(filter.program).passes(frame)
  }

  private func arp(
    target: IPv4Address, sender: IPv4Address, operation: UInt16 = 1
  ) -> [UInt8] {
    octets(
      .arp(
        ARPPacket(
          operation: operation, senderHardwareAddress: client, senderProtocolAddress: sender,
          targetHardwareAddress: .zero, targetProtocolAddress: target)))
  }

  private func octets(_ message: Frame.Message) -> [UInt8] {
    let frame = Frame(destination: .broadcast, source: client, message: message)
    return [UInt8](capacity: frame.length) { frame.write(into: &$0) }
  }

  private func solicitation(target: IPv6Address, source: IPv6Address) -> [UInt8] {
    [UInt8](capacity: 86) { output in
      EthernetHeader(destination: .broadcast, source: client, etherType: EthernetHeader.ipv6)
        .write(into: &output)
      NeighborSolicitation(target: target, sourceLinkLayerAddress: client)
        .write(from: source, to: target.solicitedNodeGroup, into: &output)
    }
  }

  private func advertisement(target: IPv6Address) -> [UInt8] {
    octets(
      .advertisement(
        NeighborAdvertisement(
          isSolicited: false, isOverride: true, target: target, targetLinkLayerAddress: client),
        from: target, to: .allNodes))
  }

  @Test func arpTargets() {
    #expect(passes(arp(target: address, sender: other), .arpTargets))
    #expect(passes(arp(target: address, sender: other, operation: 9), .arpTargets))
    #expect(!passes(arp(target: other, sender: address), .arpTargets))
    #expect(passes(Array(arp(target: other, sender: other).prefix(41)), .arpTargets))
  }

  @Test func arpSenders() {
    #expect(passes(arp(target: other, sender: address, operation: 2), .arpSenders))
    #expect(!passes(arp(target: address, sender: other), .arpSenders))
    #expect(!passes(Array(arp(target: other, sender: address).prefix(41)), .arpSenders))
  }

  @Test func solicitations() {
    #expect(passes(solicitation(target: address6, source: other6), .solicitations))
    #expect(!passes(solicitation(target: other6, source: address6), .solicitations))
    #expect(!passes(advertisement(target: address6), .solicitations))
    #expect(
      passes(Array(solicitation(target: other6, source: other6).prefix(77)), .solicitations))
    #expect(
      !passes(Array(solicitation(target: address6, source: other6).prefix(54)), .solicitations))
    var tcp = solicitation(target: address6, source: other6)
    tcp[20] = 6
    #expect(!passes(tcp, .solicitations))
    var fragment = solicitation(target: address6, source: other6)
    fragment[20] = 44
    fragment.insert(contentsOf: [58, 0, 0, 1, 0, 0, 0, 1], at: 54)
    #expect(passes(fragment, .solicitations))
    fragment[54] = 6
    #expect(!passes(fragment, .solicitations))
  }

  @Test func neighborClaims() {
    #expect(passes(advertisement(target: address6), .neighborClaims))
    #expect(!passes(advertisement(target: other6), .neighborClaims))
    #expect(passes(solicitation(target: other6, source: address6), .neighborClaims))
    #expect(!passes(solicitation(target: address6, source: other6), .neighborClaims))
  }

  @Test func arrivalChecksStandBeforeEverythingElse() {
    let filter = FrameFilter(.arpTargets, addresses: [.v4(address)], interfaces: [7, 8])
    // Packet type, twice compared; interface, twice compared; two rejects.
    #expect(filter.program.prefix(8).map(\.code) == [0x30, 0x15, 0x15, 6, 0x20, 0x15, 0x15, 6])
    #expect(filter.program[5].k == 7 && filter.program[5].ifTrue == 2)
    #expect(filter.program[6].k == 8 && filter.program[6].ifTrue == 1)
  }
}
