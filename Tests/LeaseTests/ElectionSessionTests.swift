import Lease
import Testing
import Time
import Wire

/// The stop rule: until when this node may send, and what makes it lose what it holds.
struct ElectionSessionTests {
  private let hold: Int64 = 4_040_909_090

  @Test func aReadThatGetsOnMayTakeLong() {
    var play = Transcript()
    play.compete(for: x, at: 0)
    _ = play.steps(at: 0)
    play.report(.opening(.opened(SessionID("s1"), granted: nil)), of: 1, at: 0)
    #expect(play.steps(at: 0).first == "#2 confirm")
    let read = play.calls[2]!
    // Half a lease is 2.5 s; a page comes every two, and renewals go on beside it.
    for time in stride(from: 100, through: 10_000, by: 100) as StrideThrough<Int64> {
      if time.isMultiple(of: 2000) { play.election.noteProgress(of: read, at: at(time)) }
      for line in play.steps(at: time) where line.contains("renew") {
        play.report(.renewal(.renewed), of: play.calls.keys.max()!, at: time)
      }
    }
    #expect(play.election.view.errors.isEmpty)
    play.report(.picture(play.picture([x: holder("b", 3)], others: ["b"])), of: 2, at: 10_001)
    #expect(play.election.view.holders == [x: holder("b", 3)])
    #expect(play.election.view.confirmedAt == at(0))
  }

  @Test func aReadThatDoesNotGetOnHasFailed() {
    var play = Transcript()
    _ = play.steps(at: 0)
    play.report(.opening(.opened(SessionID("s1"), granted: nil)), of: 1, at: 0)
    _ = play.steps(at: 0)
    play.election.noteProgress(of: play.calls[2]!, at: at(1000))
    _ = play.steps(at: 3499)
    #expect(play.election.view.errors.isEmpty)
    _ = play.steps(at: 3500)
    #expect(play.election.view.errors == [.timedOut: 1])
  }

  @Test func theDeadlineCountsFromTheSendOfTheRenewal() {
    var play = holding([x: 7])
    #expect(play.election.view.deadline == Instant(nanoseconds: hold))
    #expect(play.steps(at: 1250) == ["#4 renew s1", "wait 2.250s"])
    play.report(.renewal(.renewed), of: 4, at: 1900)
    #expect(play.election.view.deadline == at(1250) + .nanoseconds(hold))
    #expect(play.election.view.lastRenewal == .milliseconds(650))
    // The next one counts from the send, too.
    #expect(play.steps(at: 1900) == ["wait 2.500s"])
  }

  @Test func theDeadlineOnlyMovesForward() {
    var play = holding([x: 7])
    #expect(play.steps(at: 1250) == ["#4 renew s1", "wait 2.250s"])
    #expect(play.steps(at: 2250) == ["#5 renew s1", "wait 3.250s"])
    #expect(play.election.view.health == .uncertain)
    play.report(.renewal(.renewed), of: 5, at: 2300)
    #expect(play.election.view.health == .healthy)
    // The first one's answer, late: it tells of an earlier moment.
    play.report(.renewal(.renewed), of: 4, at: 2400)
    #expect(play.election.view.deadline == at(2250) + .nanoseconds(hold))
    #expect(play.steps(at: 2400) == ["wait 3.500s"])
  }

  @Test func aLateAnswerWithinTheDeadlineCountsFromItsOwnSend() {
    var play = holding([x: 7])
    _ = play.steps(at: 1250)
    _ = play.steps(at: 2250)
    play.report(.renewal(.renewed), of: 4, at: 2400)
    #expect(play.election.view.deadline == at(1250) + .nanoseconds(hold))
  }

  @Test func anAnswerAfterTheDeadlineIsDiscarded() {
    var play = holding([x: 7])
    _ = play.steps(at: 1250)
    play.report(.renewal(.renewed), of: 4, at: 4041)
    let view = play.election.view
    #expect(view.held.isEmpty)
    #expect(view.deadline == .distantPast)
    #expect(view.health == .lost)
    #expect(view.losses == [x: .deadlinePassed])
    #expect(view.lost == 1)
    // The gate has shut by itself: the old session is closed at once, then a new one opened.
    #expect(play.steps(at: 4041) == ["#5 close s1", "wait 6.541s"])
    play.report(.done, of: 5, at: 4050)
    #expect(play.steps(at: 4050) == ["#6 open a 5000.0 ms", "wait 6.550s"])
  }

  @Test func failuresChangeNothingUntilTheDeadline() {
    var play = holding([x: 7])
    var time: Int64 = 1250
    var number: UInt64 = 4
    while time < 4040 {
      #expect(play.steps(at: time).first == "#\(number) renew s1")
      play.report(.failed(StoreFailure(.unreachable, "down")), of: number, at: time)
      #expect(play.election.view.held.count == 1)
      #expect(play.election.view.health == .uncertain)
      #expect(play.election.view.deadline == Instant(nanoseconds: hold))
      time += 500  // Half of T/5: a refusal that comes at once is not answered with a storm.
      number += 1
    }
    #expect(play.steps(at: 4041).first == "#\(number) close s1")
    #expect(play.election.view.held.isEmpty)
  }

  @Test func aRevokedSessionIsLostAtOnceAndClosedAfterTheGateHadTimeToShut() {
    for changes in [true, false] {
      var play = holding([x: 7])
      _ = play.steps(at: 1250)
      if changes {
        play.update(.sessionEnded(SessionID("s1")), at: 1300)
      } else {
        play.report(.renewal(.sessionGone), of: 4, at: 1300)
      }
      #expect(play.election.view.held.isEmpty)
      #expect(play.election.view.losses == [x: .sessionGone])
      #expect(play.election.view.deadline == .distantPast)
      #expect(play.steps(at: 1300) == ["wait 1.350s"])
      #expect(play.steps(at: 1350) == ["#5 close s1", "wait 3.850s"])
    }
  }

  @Test func aDeletedOrOverwrittenClaimIsLostAtOnce() {
    var play = holding([x: 7, y: 8])
    play.update(.freed(x, Epoch(7)), .claimed(y, holder("b", 9)), at: 100)
    let view = play.election.view
    #expect(view.held.isEmpty)
    #expect(view.losses == [x: .claimGone, y: .takenBy(holder("b", 9))])
    #expect(view.holders == [y: holder("b", 9)])
    #expect(view.deadline == Instant(nanoseconds: hold))
    #expect(play.steps(at: 100).first == "#4 acquire 10.0.0.1")
  }

  @Test func oldNewsTakesNothing() {
    var play = holding([x: 7])
    play.update(.freed(x, Epoch(5)), .claimed(x, holder("b", 6)), at: 100)
    #expect(play.election.view.held.count == 1)
    #expect(play.election.view.holders.isEmpty)
    #expect(play.steps(at: 100) == ["wait 1.250s"])
  }

  @Test func aStallShutsTheGateUntilOwnershipIsConfirmed() {
    var play = holding([x: 7, y: 8])
    #expect(play.steps(at: 10) == ["wait 1.250s"])
    // T/10 late is a stall.
    #expect(play.steps(at: 1751) == ["#4 renew s1", "#5 confirm", "wait 2.751s"])
    #expect(play.election.view.deadline == .distantPast)
    #expect(play.election.view.health == .uncertain)
    #expect(play.election.view.held.count == 2)
    play.report(.renewal(.renewed), of: 4, at: 1760)
    #expect(play.election.view.deadline == .distantPast)
    play.report(
      .picture(play.picture([x: holder("a", 7, session: "s1"), y: holder("b", 9)])), of: 5, at: 1770
    )
    #expect(Array(play.election.view.held.keys) == [x])
    #expect(play.election.view.losses == [y: .takenBy(holder("b", 9))])
    #expect(play.election.view.deadline == at(1751) + .nanoseconds(hold))
  }

  @Test func aLittleLateIsNoStall() {
    var play = holding([x: 7])
    #expect(play.steps(at: 10) == ["wait 1.250s"])
    #expect(play.steps(at: 1750) == ["#4 renew s1", "wait 2.750s"])
  }

  @Test func aReadFromBeforeTheStallConfirmsNothing() {
    var play = holding([x: 7])
    play.update(.missed, at: 100)
    #expect(play.steps(at: 100) == ["#4 confirm", "wait 1.250s"])
    play.election.confirmOwnership(at: at(110))
    play.report(.picture(play.picture([x: holder("a", 7, session: "s1")])), of: 4, at: 120)
    #expect(play.election.view.deadline == .distantPast)
    #expect(play.steps(at: 120) == ["#5 renew s1", "#6 confirm", "wait 1.120s"])
    play.report(.picture(play.picture([x: holder("a", 7, session: "s1")])), of: 6, at: 130)
    // How long it is ours only a renewal can say: the clock may have stood still.
    #expect(play.election.view.deadline == .distantPast)
    play.report(.renewal(.renewed), of: 5, at: 140)
    #expect(play.election.view.deadline == Instant(nanoseconds: hold) + .milliseconds(120))
    #expect(play.steps(at: 140) == ["wait 1.370s"])
  }

  @Test func aRenewalFromBeforeADoubtDoesNotEndIt() {
    var play = holding([x: 7])
    #expect(play.steps(at: 1250).first == "#4 renew s1")
    play.election.confirmOwnership(at: at(1300))
    #expect(play.steps(at: 1300).prefix(2) == ["#5 renew s1", "#6 confirm"])
    play.report(.picture(play.picture([x: holder("a", 7, session: "s1")])), of: 6, at: 1310)
    play.report(.renewal(.renewed), of: 4, at: 1320)
    #expect(play.election.view.deadline == .distantPast)
    play.report(.renewal(.renewed), of: 5, at: 1330)
    #expect(play.election.view.deadline == Instant(nanoseconds: hold) + .milliseconds(1300))
  }

  @Test func aSessionAskedForBeforeADoubtIsRenewedFirst() {
    var play = Transcript()
    play.compete(for: x, at: 0)
    #expect(play.steps(at: 0).first == "#1 open a 5000.0 ms")
    // The machine is paused here.
    play.election.confirmOwnership(at: at(10))
    play.report(.opening(.opened(SessionID("s1"), granted: nil)), of: 1, at: 20)
    #expect(play.election.view.deadline == .distantPast)
    #expect(play.steps(at: 20).prefix(2) == ["#2 renew s1", "#3 confirm"])
    play.report(.picture(play.picture([:])), of: 3, at: 30)
    play.report(.renewal(.renewed), of: 2, at: 40)
    #expect(play.election.view.deadline == Instant(nanoseconds: hold) + .milliseconds(20))
  }

  @Test func renewalsGoOnAtTheirOwnPaceWhileAReadFails() {
    var play = holding([x: 7])
    play.election.confirmOwnership(at: at(100))
    #expect(play.steps(at: 100).prefix(2) == ["#4 renew s1", "#5 confirm"])
    play.report(.renewal(.renewed), of: 4, at: 110)
    play.report(.failed(StoreFailure(.unreachable, "down")), of: 5, at: 110)
    #expect(play.steps(at: 110) == ["wait 0.210s"])
    #expect(play.election.view.deadline == .distantPast)
  }

  @Test func aReadThatFailsIsRepeatedAndTheGateStaysShut() {
    var play = holding([x: 7])
    play.election.confirmOwnership(at: at(100))
    #expect(play.steps(at: 100) == ["#4 renew s1", "#5 confirm", "wait 1.100s"])
    play.report(.renewal(.renewed), of: 4, at: 105)
    play.report(.failed(StoreFailure(.unreachable, "down")), of: 5, at: 110)
    #expect(play.steps(at: 110) == ["wait 0.210s"])
    #expect(play.election.view.deadline == .distantPast)
    #expect(play.steps(at: 210) == ["#6 confirm", "wait 1.350s"])
  }

  @Test func aReadSaysNothingOfWhatWasConfirmedAfterItWasSent() {
    var play = Transcript()
    play.open()
    play.update(.missed, at: 10)
    #expect(play.steps(at: 10).first == "#3 confirm")
    play.compete(for: x, at: 20)
    #expect(play.steps(at: 20).first == "#4 acquire 10.0.0.1")
    play.report(.acquisition([x: .acquired(Epoch(7))]), of: 4, at: 30)
    play.report(.picture(play.picture([:])), of: 3, at: 40)
    #expect(play.election.view.held.count == 1)
  }

  @Test func aPictureWithoutOurSessionEndsIt() {
    var play = holding([x: 7])
    play.update(.missed, at: 10)
    _ = play.steps(at: 10)
    play.report(.picture(StorePicture(sessions: [], claims: [:])), of: 4, at: 20)
    #expect(play.election.view.losses == [x: .sessionGone])
  }

  @Test func aTakenNameIsWaitedForByName() {
    var play = Transcript()
    let other = SessionDescription(id: SessionID("s0"), node: "a", details: "pid 1")
    #expect(play.steps(at: 0).first == "#1 open a 5000.0 ms")
    play.report(.opening(.nameTaken(by: other)), of: 1, at: 10)
    #expect(play.election.view.session == .waiting(for: other))
    #expect(play.steps(at: 10) == ["wait 1.260s"])
    play.update(.sessionEnded(SessionID("else")), at: 20)
    #expect(play.steps(at: 20) == ["wait 1.260s"])
    play.update(.sessionEnded(SessionID("s0")), at: 30)
    #expect(play.steps(at: 30).first == "#2 open a 5000.0 ms")
  }

  @Test func aRaisedTTLIsHonoured() {
    var play = Transcript()
    _ = play.steps(at: 0)
    play.report(.opening(.opened(SessionID("s1"), granted: .seconds(10))), of: 1, at: 10)
    #expect(play.election.view.timeToLive == .seconds(10))
    #expect(play.election.view.deadline == Instant(nanoseconds: 8_131_818_181))
    #expect(play.steps(at: 10) == ["#2 confirm", "wait 2.500s"])
  }

  @Test func aSessionOpenedTooLateIsClosed() {
    var play = Transcript()
    _ = play.steps(at: 0)
    #expect(play.steps(at: 2500) == ["wait 2.600s"])
    #expect(play.election.view.error?.kind == .timedOut)
    #expect(play.steps(at: 2600) == ["#2 open a 5000.0 ms", "wait 5.100s"])
    play.report(.opening(.opened(SessionID("s1"), granted: nil)), of: 1, at: 2650)
    #expect(play.election.view.session == .opening)
    #expect(play.steps(at: 2650) == ["#3 close s1", "wait 5.100s"])
  }

  @Test func answersToAnEndedSessionMeanNothing() {
    var play = Transcript()
    play.compete(for: x, at: 0)
    play.open()
    _ = play.steps(at: 0)
    play.update(.sessionEnded(SessionID("s1")), at: 10)
    play.report(.acquisition([x: .acquired(Epoch(7))]), of: 3, at: 20)
    #expect(play.election.view.held.isEmpty)
  }
}
