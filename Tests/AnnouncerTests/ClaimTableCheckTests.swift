import Announcer
import Testing
import Time
import Wire

/// The table's view of itself, and the one link of ours whose questions are answered.
struct ClaimTableCheckTests {
  private let v4 = Claim(address: .v4(Sample.address), interfaceIndex: 7)
  private let v6 = Claim(address: .v6(Sample.address6), interfaceIndex: 7)

  @Test func whatIsArmedWouldBeAnswered() {
    let table = Sample.table()
    #expect(table.silence(about: v4, now: Sample.now) == nil)
    #expect(table.silence(about: v6, now: Sample.now) == nil)
  }

  @Test func whatIsNotArmedWouldNot() {
    let table = Sample.table()
    let elsewhere = Claim(address: v4.address, interfaceIndex: 8)
    #expect(table.silence(about: elsewhere, now: Sample.now) == .targetNotClaimed)
    let unknown = Claim(address: v4.address, interfaceIndex: 9)
    #expect(table.silence(about: unknown, now: Sample.now) == .unknownLink)
    #expect(table.silence(about: v4, now: Sample.deadline) == .gateClosed)
    #expect(ClaimTable().silence(about: v6, now: Sample.now) == .unknownLink)
  }

  // MARK: The witness

  private var table: ClaimTable {
    var table = Sample.table()
    table.witness = Sample.otherOwn
    return table
  }

  private func request(
    from sender: MACAddress, _ change: (inout ARPPacket) -> Void = { _ in }
  ) -> [UInt8] {
    Sample.request {
      $0.senderHardwareAddress = sender
      change(&$0)
    }
  }

  @Test func theWitnessIsAnswered() {
    guard case .reply(let frame, _) = table.judge(request(from: Sample.otherOwn)) else {
      Issue.record("no answer")
      return
    }
    #expect(frame.destination == Sample.otherOwn)
    let solicitation = Sample.solicitation(option: Sample.otherOwn, frameFrom: Sample.otherOwn)
    guard case .reply = table.judge(solicitation) else {
      Issue.record("no answer")
      return
    }
  }

  /// What another link of ours announces or answers is never a conflict.
  @Test func whatTheWitnessAssertsIsOurOwn() {
    let witness = Sample.otherOwn
    let table = table
    let gratuitous = request(from: witness) { $0.senderProtocolAddress = Sample.address }
    #expect(table.judge(gratuitous) == .ignore(.ownFrame))
    let reply = request(from: witness) {
      $0.operation = ARPPacket.reply
      $0.senderProtocolAddress = Sample.address
    }
    #expect(table.judge(reply) == .ignore(.ownFrame))
    let advertisement = [UInt8](capacity: 86) { output in
      EthernetHeader(
        destination: MACAddress(multicast: .allNodes), source: witness,
        etherType: EthernetHeader.ipv6
      ).write(into: &output)
      NeighborAdvertisement(
        isSolicited: false, isOverride: true, target: Sample.address6,
        targetLinkLayerAddress: witness
      ).write(from: Sample.address6, to: .allNodes, into: &output)
    }
    #expect(table.judge(advertisement) == .ignore(.ownFrame))
  }

  @Test func nobodyAnswersItselfNorOtherLinksOfOurs() {
    #expect(table.judge(request(from: Sample.own)) == .ignore(.ownFrame))
    var mirror = Sample.table()
    mirror.witness = Sample.own
    #expect(mirror.judge(request(from: Sample.own)) == .ignore(.ownFrame))
    #expect(mirror.judge(Sample.solicitation(frameFrom: Sample.own)) == .ignore(.ownFrame))
    #expect(mirror.judge(request(from: Sample.otherOwn)) == .ignore(.ownFrame))
  }
}
