import Announcer
import Testing
import Time
import Wire

/// Asking for addresses before they are announced for the first time.
struct InquiryTests {
  private let address = IPAddress("10.80.8.150")!
  private let other = IPAddress("10.80.8.151")!
  private let station = MACAddress(rawValue: 0x0200_0000_0009)
  private static let start = Instant(nanoseconds: 1_000_000_000_000)

  private func at(_ milliseconds: Int) -> Instant {
    Self.start + .milliseconds(milliseconds)
  }

  /// Everything that is to be done at `now`, and when to look again.
  private func steps(_ inquiry: inout Inquiry, at now: Instant) -> [Inquiry.Step] {
    var steps: [Inquiry.Step] = []
    while true {
      let step = inquiry.next(at: now)
      steps.append(step)
      if case .wait = step { return steps }
    }
  }

  private func hear(_ inquiry: inout Inquiry, _ address: IPAddress, at now: Instant) {
    inquiry.hear(address, from: station, on: 7, count: 1, lastSeenAt: now)
  }

  @Test func whatNobodyHasIsFreeAfterTwoQuestions() {
    var inquiry = Inquiry()
    inquiry.update([address], at: at(0))
    #expect(inquiry.isPending(address) && inquiry.pending == [address])
    #expect(steps(&inquiry, at: at(0)) == [.ask(address), .wait(until: at(100))])
    #expect(steps(&inquiry, at: at(99)) == [.wait(until: at(100))])
    #expect(steps(&inquiry, at: at(100)) == [.ask(address), .wait(until: at(200))])
    #expect(steps(&inquiry, at: at(199)) == [.wait(until: at(200))])
    #expect(steps(&inquiry, at: at(200)) == [.free(address), .wait(until: .distantFuture)])
    #expect(inquiry.isEmpty && !inquiry.isPending(address) && inquiry.occupied.isEmpty)
  }

  @Test func whatSomebodyHasIsAskedForUntilNobodyHas() throws {
    var inquiry = Inquiry()
    inquiry.update([address], at: at(0))
    _ = steps(&inquiry, at: at(0))
    hear(&inquiry, address, at: at(1))
    _ = steps(&inquiry, at: at(100))
    hear(&inquiry, address, at: at(101))
    #expect(inquiry.occupied.isEmpty, "no verdict before the time")
    // Our own node may have taken it meanwhile: once more, at once.
    #expect(steps(&inquiry, at: at(200)) == [.ask(address), .wait(until: at(300))])
    #expect(inquiry.isPending(address) && inquiry.occupied.isEmpty)
    _ = steps(&inquiry, at: at(300))
    hear(&inquiry, address, at: at(301))
    #expect(steps(&inquiry, at: at(400)) == [.occupied(address), .wait(until: at(1200))])
    #expect(inquiry.pending.isEmpty && !inquiry.isPending(address) && !inquiry.isEmpty)
    let record = try #require(inquiry.occupied[address])
    #expect(record.hardwareAddress == station && record.interfaceIndex == 7)
    #expect(record.count == 3 && record.lastSeenAt == at(301))
    #expect(inquiry.occupant(of: address) == record && inquiry.occupant(of: other) == nil)
    // Said once.
    #expect(steps(&inquiry, at: at(1200)) == [.ask(address), .wait(until: at(1300))])
    hear(&inquiry, address, at: at(1201))
    #expect(inquiry.isPending(address) == false)
    _ = steps(&inquiry, at: at(1300))
    #expect(steps(&inquiry, at: at(1400)) == [.wait(until: at(2200))])
    #expect(inquiry.occupied[address]?.count == 4)
    // It has gone.
    _ = steps(&inquiry, at: at(2200))
    _ = steps(&inquiry, at: at(2300))
    #expect(inquiry.occupied.count == 1)
    #expect(steps(&inquiry, at: at(2400)) == [.free(address), .wait(until: .distantFuture)])
  }

  /// A node of ours that has just fallen silent may answer the first questions.
  @Test func anAnswerThatIsNotRepeatedIsForgotten() {
    var inquiry = Inquiry()
    inquiry.update([address], at: at(0))
    _ = steps(&inquiry, at: at(0))
    hear(&inquiry, address, at: at(1))
    _ = steps(&inquiry, at: at(100))
    _ = steps(&inquiry, at: at(200))
    _ = steps(&inquiry, at: at(300))
    #expect(steps(&inquiry, at: at(400)).first == .free(address))
  }

  @Test func anAnswerToOneQuestionIsEnough() {
    var inquiry = Inquiry()
    inquiry.update([address], at: at(0))
    _ = steps(&inquiry, at: at(0))
    _ = steps(&inquiry, at: at(100))
    hear(&inquiry, address, at: at(199))
    #expect(steps(&inquiry, at: at(200)).first == .ask(address))
    hear(&inquiry, address, at: at(201))
    _ = steps(&inquiry, at: at(300))
    #expect(steps(&inquiry, at: at(400)).first == .occupied(address))
  }

  /// A station that was heard before it was asked may have gone since.
  @Test func whatWasHeardBeforeTheQuestionDoesNotCount() {
    var inquiry = Inquiry()
    inquiry.update([address], at: at(10))
    hear(&inquiry, address, at: at(10))
    _ = steps(&inquiry, at: at(10))
    hear(&inquiry, address, at: at(9))
    _ = steps(&inquiry, at: at(110))
    #expect(steps(&inquiry, at: at(210)).first == .free(address))
    hear(&inquiry, other, at: at(211))
    #expect(inquiry.isEmpty, "nobody asked for that one")
  }

  @Test func aCallerThatComesLateListensNoShorter() {
    var inquiry = Inquiry()
    inquiry.update([address], at: at(0))
    #expect(steps(&inquiry, at: at(5000)) == [.ask(address), .wait(until: at(5100))])
    #expect(steps(&inquiry, at: at(5400)) == [.ask(address), .wait(until: at(5500))])
    #expect(steps(&inquiry, at: at(5500)).first == .free(address))
  }

  @Test func whatIsNoLongerWantedIsForgotten() {
    var inquiry = Inquiry()
    inquiry.update([address, other], at: at(0))
    _ = steps(&inquiry, at: at(0))
    hear(&inquiry, address, at: at(1))
    _ = steps(&inquiry, at: at(100))
    _ = steps(&inquiry, at: at(200))
    hear(&inquiry, address, at: at(201))
    _ = steps(&inquiry, at: at(300))
    _ = steps(&inquiry, at: at(400))
    #expect(inquiry.occupied.count == 1)
    inquiry.update([], at: at(500))
    #expect(inquiry.isEmpty && inquiry.occupied.isEmpty)
    #expect(steps(&inquiry, at: at(500)) == [.wait(until: .distantFuture)])
    // Told again, it is asked for again.
    inquiry.update([address], at: at(600))
    #expect(steps(&inquiry, at: at(600)).first == .ask(address))
  }

  @Test func whatIsWantedStillGoesOnAsItWas() {
    var inquiry = Inquiry()
    inquiry.update([address], at: at(0))
    _ = steps(&inquiry, at: at(0))
    inquiry.update([address, other], at: at(50))
    #expect(steps(&inquiry, at: at(50)) == [.ask(other), .wait(until: at(100))])
    _ = steps(&inquiry, at: at(100))
    _ = steps(&inquiry, at: at(150))
    #expect(steps(&inquiry, at: at(200)) == [.free(address), .wait(until: at(250))])
  }

  @Test func aSubnetIsAskedForAndTheRestPasses() {
    var inquiry = Inquiry()
    let all = (0..<20_000).map { IPAddress.v4(IPv4Address(rawValue: 0x0a50_0000 + UInt32($0))) }
    inquiry.update(Set(all), at: at(0))
    #expect(inquiry.pending == Set(all.prefix(Inquiry.capacity)), "the first of them")
    var asked: [IPAddress] = []
    var free: Set<IPAddress> = []
    var most = 0
    for now in 0...300 {
      let steps = steps(&inquiry, at: at(now))
      let questions = steps.compactMap { if case .ask(let address) = $0 { address } else { nil } }
      most = max(most, questions.count)
      asked += questions
      for case .free(let address) in steps { free.insert(address) }
      if now == 0 { #expect(free == Set(all.dropFirst(Inquiry.capacity)), "at once") }
    }
    #expect(free == Set(all) && inquiry.isEmpty)
    #expect(asked.count == 2 * Inquiry.capacity)
    #expect(most <= 32, "no burst of a whole subnet")
  }

  @Test func onManyLinksThereIsRoomForFewer() {
    var inquiry = Inquiry()
    inquiry.update([address, other], room: 0, at: at(0))
    #expect(inquiry.pending == [address])
    #expect(steps(&inquiry, at: at(0)).first == .free(other))
  }

  /// Days of a station that stays cost a question now and then.
  @Test func aStationThatStaysIsAskedAtAPace() {
    var inquiry = Inquiry()
    inquiry.update([address], at: at(0))
    var questions = 0
    var now = at(0)
    while now < at(3_600_000) {
      for step in steps(&inquiry, at: now) {
        switch step {
        case .ask:
          questions += 1
          hear(&inquiry, address, at: now)
        case .wait(let until): now = until
        case .free: Issue.record("it was heard each time")
        case .occupied: break
        }
      }
    }
    #expect((800...840).contains(questions), "\(questions)")
    #expect(inquiry.occupied[address]?.count == UInt64(questions))
  }
}
