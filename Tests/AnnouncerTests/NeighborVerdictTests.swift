import Announcer
import Testing
import Time
import Wire

/// wire.md §2, rule by rule.
struct NeighborVerdictTests {
  let table = Sample.table()

  private func answer(
    to asker: IPv6Address = Sample.clientAddress6, at hardwareAddress: MACAddress = Sample.client,
    isSolicited: Bool = true
  ) -> Verdict {
    .reply(
      Frame(
        destination: hardwareAddress, source: Sample.own,
        message: .advertisement(
          NeighborAdvertisement(
            isRouter: false, isSolicited: isSolicited, isOverride: true, target: Sample.address6,
            targetLinkLayerAddress: Sample.own), from: Sample.address6, to: asker)), slot: 1)
  }

  @Test func aMulticastSolicitationIsAnswered() {
    #expect(
      table.judge(Sample.solicitation(), Sample.arrival(type: .multicast)) == answer())
  }

  @Test func aUnicastPollIsAnsweredWithOrWithoutTheOption() {
    let poll = Sample.solicitation(to: Sample.address6)
    #expect(table.judge(poll, Sample.arrival(type: .host)) == answer())
    let bare = Sample.solicitation(to: Sample.address6, option: nil)
    #expect(table.judge(bare, Sample.arrival(type: .host)) == answer())
  }

  @Test func theOptionNotTheFrameNamesTheAsker() {
    let frame = Sample.solicitation(frameFrom: Sample.foreign)
    #expect(table.judge(frame) == answer())
    let bare = Sample.solicitation(option: nil, frameFrom: Sample.foreign)
    #expect(table.judge(bare) == answer(at: Sample.foreign))
  }

  @Test func theAnswerOnTheWireIsWellFormed() throws {
    guard case .reply(let frame, _) = table.judge(Sample.solicitation()) else {
      throw ARPVerdictTests.Unexpected()
    }
    let bytes = Sample.octets(frame)
    #expect(bytes.count == 86)
    // Hop limit, flags R=0 S=1 O=1, and a checksum that our own reader accepts.
    #expect(bytes[21] == 255 && bytes[58] == 0x60)
    let header = try ICMPv6Header.parse(bytes.span, at: 14)
    #expect(header.source == Sample.address6 && header.destination == Sample.clientAddress6)
    #expect(try NeighborAdvertisement.parse(bytes.span, header).target == Sample.address6)
  }

  @Test func duplicateAddressDetectionIsDefendedToAllNodes() {
    let probe = Sample.solicitation(from: .any, option: nil)
    #expect(
      table.judge(probe, Sample.arrival(type: .multicast))
        == answer(
          to: .allNodes, at: MACAddress(rawValue: 0x3333_0000_0001), isSolicited: false))
  }

  @Test func strangeSourcesAreSilence() {
    let group = IPv6Address("ff02::2")!
    #expect(table.judge(Sample.solicitation(from: group)) == .ignore(.senderProtocolAddress))
    #expect(table.judge(Sample.solicitation(from: .loopback)) == .ignore(.senderProtocolAddress))
    for option in [MACAddress.zero, .broadcast, MACAddress(rawValue: 0x3333_0000_0001)] {
      #expect(
        table.judge(Sample.solicitation(option: option)) == .ignore(.senderHardwareAddress))
    }
    #expect(
      table.judge(Sample.solicitation(option: nil, frameFrom: .zero))
        == .ignore(.senderHardwareAddress))
  }

  @Test func ourOwnReflectedFramesAreSilence() {
    #expect(table.judge(Sample.solicitation(frameFrom: Sample.own)) == .ignore(.ownFrame))
    #expect(table.judge(Sample.solicitation(option: Sample.otherOwn)) == .ignore(.ownFrame))
    #expect(table.judge(advertisement(from: Sample.own)) == .ignore(.ownFrame))
  }

  @Test func malformedSolicitationsCarryTheirReason() {
    var wrong = Sample.solicitation()
    wrong[60] ^= 1
    #expect(table.judge(wrong) == .ignore(.checksum))
    wrong = Sample.solicitation()
    wrong[21] = 64
    #expect(table.judge(wrong) == .ignore(.hopLimit))
    for length in 14..<86 {
      let short = Array(Sample.solicitation().prefix(length))
      #expect(table.judge(short) == .ignore(.truncated), "\(length)")
    }
  }

  @Test func otherTargetsAndLinksAreSilence() {
    let other = IPv6Address("2001:db8:1::10")!
    #expect(table.judge(Sample.solicitation(target: other)) == .ignore(.targetNotClaimed))
    #expect(
      table.judge(Sample.solicitation(), Sample.arrival(link: 8)) == .ignore(.targetNotClaimed))
    #expect(
      table.judge(Sample.solicitation(), Sample.arrival(type: .otherHost)) == .ignore(.otherHost))
  }

  @Test func aForeignAdvertisementOfOurAddressIsAConflict() {
    let expected = Verdict.conflict(
      address: .v6(Sample.address6), hardwareAddress: Sample.foreign)
    #expect(table.judge(advertisement(from: Sample.foreign)) == expected)
    #expect(
      table.judge(advertisement(from: Sample.foreign, target: IPv6Address("2001:db8::11")!))
        == .ignore(.otherMessage))
  }

  @Test func aForeignSolicitationFromOurAddressIsAConflict() {
    let frame = Sample.solicitation(
      target: IPv6Address("2001:db8::1")!, from: Sample.address6, option: Sample.foreign)
    #expect(
      table.judge(frame)
        == .conflict(address: .v6(Sample.address6), hardwareAddress: Sample.foreign))
  }

  private func advertisement(
    from hardwareAddress: MACAddress, target: IPv6Address = Sample.address6
  ) -> [UInt8] {
    Sample.octets(
      Frame(
        destination: MACAddress(multicast: .allNodes), source: hardwareAddress,
        message: .advertisement(
          NeighborAdvertisement(
            isSolicited: false, isOverride: true, target: target,
            targetLinkLayerAddress: hardwareAddress), from: target, to: .allNodes)))
  }
}
