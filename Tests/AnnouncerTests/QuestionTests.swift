import Announcer
import Testing
import Time
import Wire

/// What is asked on the LAN when the store cannot be asked.
struct QuestionTests {
  private func octets(
    _ address: IPAddress, deadline: Instant = Sample.deadline
  ) throws -> [UInt8] {
    let frame = try #require(
      Sample.table(deadline: deadline).question(about: Claim(address: address, interfaceIndex: 7)))
    var octets = Sample.octets(frame)
    octets.removeSubrange(frame.length...)
    return octets
  }

  private func hex(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  @Test(arguments: [Instant.distantPast, Sample.deadline])
  func anARPProbeClaimsNoAddressAndNeedsNoOpenGate(deadline: Instant) throws {
    #expect(
      hex(try octets(.v4(Sample.address), deadline: deadline))
        == "ffffffffffff02000000000b0806" + "000108000604" + "0001" + "02000000000b00000000"
        + "0000000000000a500896" + String(repeating: "00", count: 18))
  }

  @Test(arguments: [Instant.distantPast, Sample.deadline])
  func aSolicitationIsTheOneOfDuplicateAddressDetection(deadline: Instant) throws {
    let bytes = try octets(.v6(Sample.address6), deadline: deadline)
    #expect(hex(bytes[0..<14]) == "3333ff000010" + "02000000000b" + "86dd")
    #expect(bytes.count == 78)
    let packet = try ICMPv6Header.parse(bytes.span, at: 14)
    #expect(packet.source == .any && packet.destination == IPv6Address("ff02::1:ff00:10"))
    #expect(packet.type == ICMPv6Header.neighborSolicitation)
    #expect(
      try NeighborSolicitation.parse(bytes.span, packet)
        == NeighborSolicitation(target: Sample.address6, sourceLinkLayerAddress: nil))
  }

  /// RFC 4861 §7.2.4: whoever is asked from an address answers that address, and not all nodes.
  @Test func aQuietSolicitationComesFromTheLinksOwnAddress() throws {
    let claim = Claim(address: .v6(Sample.address6), interfaceIndex: 7)
    let frame = try #require(Sample.table().quietQuestion(about: claim))
    guard case .solicitation(let solicitation, let source, let group) = frame.message else {
      Issue.record("\(frame)")
      return
    }
    #expect(source.isLinkLocal && group == Sample.address6.solicitedNodeGroup)
    #expect(
      solicitation
        == NeighborSolicitation(
          target: Sample.address6, sourceLinkLayerAddress: frame.source))
    let claim4 = Claim(address: .v4(Sample.address), interfaceIndex: 7)
    #expect(Sample.table().quietQuestion(about: claim4) == Sample.table().question(about: claim4))
  }

  /// It passes everything that leaves, and no other station takes it.
  @Test(arguments: [IPAddress.v4(Sample.address), .v6(Sample.address6)])
  func aTrialIsSentToTheAskerItself(address: IPAddress) {
    let own = MACAddress(rawValue: 0x0200_0000_000b)
    let frame = ClaimTable.trial(for: address, from: own)
    #expect(frame.destination == own && frame.source == own)
  }

  @Test func nobodyAsksForWhatIsNotArmed() {
    let table = Sample.table()
    let other = IPAddress("10.80.8.151")!
    #expect(table.question(about: Claim(address: other, interfaceIndex: 7)) == nil)
    #expect(table.question(about: Claim(address: .v4(Sample.address), interfaceIndex: 8)) == nil)
    #expect(table.question(about: Claim(address: .v4(Sample.address), interfaceIndex: 9)) == nil)
  }

  /// An announcer of ours answers both, so that two of them find each other.
  @Test func ourOwnAnnouncersAnswer() throws {
    func reply(_ address: IPAddress) throws -> Frame? {
      var bytes = try octets(address)
      // From another station.
      for place in address.isIPv6 ? [6] : [6, 22] {
        bytes.replaceSubrange(place..<place + 6, with: [2, 0, 0, 0, 0, 0xff])
      }
      guard case .reply(let frame, _) = Sample.table().judge(bytes) else { return nil }
      return frame
    }
    let arp = try #require(try reply(.v4(Sample.address)))
    #expect(arp.destination == Sample.foreign)
    let advertisement = try #require(try reply(.v6(Sample.address6)))
    #expect(advertisement.destination == MACAddress(multicast: .allNodes))
  }
}
