import Netlink
import Testing

struct DumpCycleTests {
  /// A cycle whose first request has been sent.
  func listing() -> DumpCycle {
    var cycle = DumpCycle()
    cycle.restart()
    #expect(cycle.next() == .listLinks(sequence: 1))
    #expect(cycle.next() == nil)
    return cycle
  }

  func done(_ sequence: UInt32, isInterrupted: Bool = false) -> RouteMessage {
    RouteMessage(sequence: sequence, isInterrupted: isInterrupted, .done(code: 0))
  }

  @Test func linksThenAddressesThenTheTableIsWhole() {
    var cycle = listing()
    cycle.hear(done(1))
    #expect(cycle.next() == .listAddresses(sequence: 2))
    #expect(!cycle.isIdle)
    cycle.hear(done(2))
    #expect(cycle.next() == .finish)
    #expect(cycle.isIdle)
  }

  @Test func anInterruptedListIsAskedForAgain() {
    var cycle = listing()
    cycle.hear(RouteMessage(sequence: 1, isInterrupted: true, .other(type: 16)))
    cycle.hear(done(1))
    #expect(cycle.next() == .listLinks(sequence: 2))
    cycle.hear(done(2))
    #expect(cycle.next() == .listAddresses(sequence: 3))
    cycle.hear(done(3, isInterrupted: true))
    #expect(cycle.next() == .listLinks(sequence: 4))
  }

  @Test func anOverrunDuringAListSpoilsItButWaitsForItsEnd() {
    var cycle = listing()
    cycle.restart()
    #expect(cycle.next() == nil)
    cycle.hear(done(1))
    #expect(cycle.next() == .listLinks(sequence: 2))
  }

  @Test func anOverrunLaterBeginsANewPass() {
    var cycle = listing()
    cycle.hear(done(1))
    _ = cycle.next()
    cycle.hear(done(2))
    _ = cycle.next()
    cycle.restart()
    #expect(cycle.next() == .listLinks(sequence: 3))
  }

  @Test func anOverrunBeforeTheSweepCancelsTheSweep() {
    var cycle = listing()
    cycle.hear(done(1))
    _ = cycle.next()
    cycle.hear(done(2))
    cycle.restart()
    #expect(cycle.next() == .listLinks(sequence: 3))
  }

  @Test func aRefusedRequestWaitsForTheListThatIsInTheWay() {
    var cycle = listing()
    cycle.hear(RouteMessage(sequence: 1, .failure(code: 16, message: nil)))
    #expect(cycle.next() == nil)
    cycle.hear(done(99))
    #expect(cycle.next() == .listLinks(sequence: 2))
  }

  @Test func silenceIsBrokenByANudgeAndAtLastByANewRequest() {
    var cycle = listing()
    cycle.silence()
    #expect(cycle.next() == .nudge)
    // The answer to the nudge itself proves nothing about the list.
    cycle.hear(RouteMessage(sequence: 1 << 31, .other(type: 16)))
    cycle.silence()
    #expect(cycle.next() == .nudge)
    cycle.silence()
    #expect(cycle.next() == .listLinks(sequence: 2))
  }

  @Test func silenceAfterARefusalAsksAgain() {
    var cycle = listing()
    cycle.hear(RouteMessage(sequence: 1, .failure(code: 105, message: nil)))
    cycle.silence()
    #expect(cycle.next() == .listLinks(sequence: 2))
  }

  @Test func answersToOtherRequestsAreNoEndOfTheList() {
    var cycle = listing()
    cycle.hear(done(7))
    cycle.hear(RouteMessage(sequence: 1 << 31, .failure(code: 19, message: nil)))
    #expect(cycle.next() == nil)
    cycle.hear(done(1))
    #expect(cycle.next() == .listAddresses(sequence: 2))
  }
}
