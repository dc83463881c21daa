import Announcer
import Testing
import Time
import Wire

/// wire.md §1, rule by rule.
struct ARPVerdictTests {
  let table = Sample.table()

  private func answer(
    to hardwareAddress: MACAddress = Sample.client, _ asker: IPv4Address = Sample.clientAddress
  ) -> Verdict {
    .reply(
      Frame(
        destination: hardwareAddress, source: Sample.own,
        message: .arp(
          ARPPacket(
            operation: 2, senderHardwareAddress: Sample.own, senderProtocolAddress: Sample.address,
            targetHardwareAddress: hardwareAddress, targetProtocolAddress: asker))),
      slot: 0)
  }

  @Test func aRequestIsAnswered() {
    #expect(table.judge(Sample.request()) == answer())
  }

  @Test func theAnswerIsSixtyOctetsWithZeroedPadding() throws {
    var noisy = Sample.request()
    noisy.replaceSubrange(42..<60, with: repeatElement(0xaa, count: 18))
    guard case .reply(let frame, _) = table.judge(noisy) else { throw Unexpected() }
    let bytes = Sample.octets(frame)
    #expect(bytes.count == 60 && bytes[42...].allSatisfy { $0 == 0 })
    #expect(try ARPPacket.parse(bytes.span, at: 14).operation == ARPPacket.reply)
  }

  @Test func theAnswerGoesToTheAddressInThePacketNotToTheFramesSource() {
    var frame = Sample.request()
    frame.replaceSubrange(6..<12, with: [2, 0, 0, 0, 0, 0xcc])
    #expect(table.judge(frame) == answer())
  }

  @Test func probesUnicastPollsAndAnyTargetHardwareAddressAreAnswered() {
    #expect(
      table.judge(Sample.request { $0.senderProtocolAddress = .any })
        == answer(to: Sample.client, .any)
    )
    #expect(table.judge(Sample.request(), Sample.arrival(type: .host)) == answer())
    #expect(table.judge(Sample.request { $0.targetHardwareAddress = .broadcast }) == answer())
    let stranger = IPv4Address(192, 0, 2, 77)
    #expect(
      table.judge(Sample.request { $0.senderProtocolAddress = stranger })
        == answer(to: Sample.client, stranger))
  }

  @Test func aPriorityTagIsLookedThroughAndAnyOtherTagIsSilence() {
    var tagged = Sample.request()
    tagged.insert(contentsOf: [0x81, 0x00, 0xe0, 0x00], at: 12)
    #expect(table.judge(tagged) == answer())
    tagged[15] = 5
    #expect(table.judge(tagged) == .ignore(.tagged))
  }

  @Test(arguments: [0, 2, 3, 4, 8, 9, 10, 256, 65_535] as [UInt16])
  func otherOpcodesAreSilence(operation: UInt16) {
    #expect(table.judge(Sample.request { $0.operation = operation }) == .ignore(.notRequest))
  }

  @Test func wrongTypesLLCAndRARPAreSilence() {
    var wrong = Sample.request()
    wrong[15] = 6
    #expect(table.judge(wrong) == .ignore(.addressFormat))
    wrong = Sample.request()
    wrong.replaceSubrange(12..<14, with: [0x00, 0x24])
    #expect(table.judge(wrong) == .ignore(.notEthernetII))
    wrong.replaceSubrange(12..<14, with: [0x80, 0x35])
    #expect(table.judge(wrong) == .ignore(.otherProtocol))
  }

  @Test(arguments: 0..<42)
  func truncatedAtAnyOctetIsSilence(length: Int) {
    #expect(table.judge(Array(Sample.request().prefix(length))) == .ignore(.truncated))
  }

  @Test func onlyClaimsOfTheArrivalLinkAreAnswered() {
    #expect(table.judge(Sample.request(), Sample.arrival(link: 8)) == .ignore(.targetNotClaimed))
    #expect(table.judge(Sample.request(), Sample.arrival(link: 9)) == .ignore(.unknownLink))
    let other = IPv4Address(10, 80, 8, 151)
    #expect(
      table.judge(Sample.request { $0.targetProtocolAddress = other })
        == .ignore(.targetNotClaimed))
  }

  @Test func framesToOthersAreSilence() {
    #expect(table.judge(Sample.request(), Sample.arrival(type: .otherHost)) == .ignore(.otherHost))
    #expect(table.judge(Sample.request(), Sample.arrival(type: .multicast)) == .ignore(.otherHost))
    #expect(table.judge(Sample.request(), Sample.arrival(type: .outgoing)) == .ignore(.ownFrame))
  }

  @Test(arguments: [MACAddress.zero, .broadcast, MACAddress(rawValue: 0x0100_5e00_0001)])
  func noStationHasSuchAHardwareAddress(sender: MACAddress) {
    #expect(
      table.judge(Sample.request { $0.senderHardwareAddress = sender })
        == .ignore(.senderHardwareAddress))
  }

  @Test(arguments: [Sample.own, Sample.otherOwn])
  func ourOwnReflectedFramesAreNeitherAnsweredNorConflicts(sender: MACAddress) {
    #expect(
      table.judge(Sample.request { $0.senderHardwareAddress = sender }) == .ignore(.ownFrame))
    #expect(
      table.judge(
        Sample.request {
          $0.senderHardwareAddress = sender
          $0.senderProtocolAddress = Sample.address
        }) == .ignore(.ownFrame))
  }

  @Test(arguments: [
    IPv4Address(224, 0, 0, 1), IPv4Address(127, 0, 0, 1), IPv4Address(255, 255, 255, 255),
  ])
  func noHostHasSuchAProtocolAddress(sender: IPv4Address) {
    #expect(
      table.judge(Sample.request { $0.senderProtocolAddress = sender })
        == .ignore(.senderProtocolAddress))
  }

  @Test(arguments: [1, 2, 3] as [UInt16])
  func aForeignStationWithOurAddressIsAConflictWhateverTheOpcode(operation: UInt16) {
    let frame = Sample.request {
      $0.operation = operation
      $0.senderHardwareAddress = Sample.foreign
      $0.senderProtocolAddress = Sample.address
    }
    #expect(
      table.judge(frame)
        == .conflict(address: .v4(Sample.address), hardwareAddress: Sample.foreign))
  }

  struct Unexpected: Error {}
}
