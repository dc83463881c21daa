import Lease
import Testing
import Time
import Wire

/// `whenStoreIsLost: hold`: what goes on past the deadline, and what never does.
struct ElectionHoldTests {
  private func holding(others: [String] = ["b"]) -> Transcript {
    var play = Transcript(policy: ElectionPolicy(holds: true))
    play.compete(for: x, at: 0)
    play.open(others: others)
    play.acquireAll(at: 1200)
    #expect(play.election.view.held.count == 1)
    return play
  }

  /// Runs the loop from `start` to `end`, every renewal failing; returns the gate's deadlines.
  ///
  /// - Parameter asks: whether the LAN is asked each time.
  private func starve(
    _ play: inout Transcript, from start: Int64, to end: Int64, asks: Bool = true
  ) -> [Instant] {
    var deadlines: [Instant] = []
    var reported: Set<UInt64> = []
    for time in stride(from: start, through: end, by: 100) {
      _ = play.steps(at: time)
      if asks { play.election.noteAsked(at: at(time)) }
      for call in play.calls.values where !reported.contains(call.number) && call.number > 3 {
        reported.insert(call.number)
        play.report(.failed(StoreFailure(.unreachable, "down")), of: call.number, at: time)
      }
      deadlines.append(play.election.view.deadline)
    }
    return deadlines
  }

  @Test func theGateNeverShutsWhileTheStoreIsAway() {
    var play = holding()
    let deadlines = starve(&play, from: 1250, to: 20_000)
    for (index, deadline) in deadlines.enumerated() {
      #expect(deadline > at(1250 + Int64(index) * 100 + 100), "at \(index)")
    }
    #expect(play.election.view.heldWithoutLease == [x])
    #expect(play.election.view.health == .lost)
  }

  @Test func theWaitIsShortEnoughForTheGateToStayOpen() {
    var play = holding()
    var time: Int64 = 1250
    for _ in 0..<200 {
      _ = play.steps(at: time)
      if case .renew = play.last?.request {
        play.report(.failed(StoreFailure(.unreachable, "down")), of: play.last!.number, at: time)
      }
      guard case .wait(let until) = play.election.next(at: at(time)) else { continue }
      play.election.noteAsked(at: at(time))
      #expect(until < play.election.view.deadline)
      time = until.nanoseconds / 1_000_000 + 1
    }
    #expect(time > 10_000)
  }

  @Test func aFrozenLoopShutsTheGateAndListensBeforeItGoesOn() {
    var play = holding()
    _ = starve(&play, from: 1250, to: 6_000)
    let last = play.election.view.deadline
    #expect(last <= at(7_000))
    _ = play.steps(at: 9_000)
    #expect(play.election.view.deadline == .distantPast)
    _ = starve(&play, from: 9_050, to: 9_950)
    #expect(play.election.view.deadline == .distantPast)
    _ = starve(&play, from: 10_000, to: 10_100)
    #expect(play.election.view.deadline > at(10_100))
  }

  /// The loop that asks the LAN, and would hear another, may be busy while this one runs.
  @Test func whoDoesNotAskTheLANShutsTheGateUntilItDoes() {
    var play = holding()
    _ = starve(&play, from: 1250, to: 6_000)
    _ = starve(&play, from: 6_100, to: 7_100, asks: false)
    #expect(play.election.view.deadline <= at(7_100))
    _ = starve(&play, from: 7_200, to: 9_000, asks: false)
    #expect(play.election.view.deadline <= at(7_100))
    #expect(play.election.view.heldWithoutLease == [x])
    _ = starve(&play, from: 9_100, to: 9_200)
    #expect(play.election.view.deadline > at(9_300))
  }

  @Test func somebodyElseOnTheLANIsYieldedTo() {
    var play = holding()
    _ = starve(&play, from: 1250, to: 6_000)
    play.election.hear(x, at: at(6_010))
    #expect(play.election.view.held.isEmpty)
    #expect(play.election.view.losses == [x: .heardAnother])
  }

  @Test func withALeaseNobodyIsYieldedTo() {
    var play = holding()
    play.election.hear(x, at: at(1250))
    #expect(play.election.view.held.count == 1)
  }

  @Test func aSessionThatLivedOnIsConfirmedByARead() {
    var play = holding()
    _ = starve(&play, from: 1250, to: 6_000)
    _ = play.steps(at: 6_500)
    let renewal = play.calls.values.filter { $0.request == .renew(SessionID("s1")) }
      .max { $0.number < $1.number }!
    play.report(.renewal(.renewed), of: renewal.number, at: 6_510)
    #expect(play.election.view.heldWithoutLease == [x])
    _ = play.steps(at: 8_000)
    let read = play.calls.values.filter { $0.request == .confirmOwnership }
      .max { $0.number < $1.number }!
    #expect(read.number > renewal.number)
    // The loop stalled meanwhile: the renewal from before proves nothing.
    let second = play.calls.values.filter { $0.request == .renew(SessionID("s1")) }
      .max { $0.number < $1.number }!
    play.report(.renewal(.renewed), of: second.number, at: 8_005)
    play.report(
      .picture(play.picture([x: holder("a", 7, session: "s1")])), of: read.number, at: 8_010)
    #expect(play.election.view.heldWithoutLease.isEmpty)
    #expect(play.election.view.held.count == 1)
    #expect(play.election.view.health == .healthy)
  }

  @Test func whatWasAskedBeforeADoubtDoesNotEndTheHolding() {
    var play = holding()
    _ = starve(&play, from: 1250, to: 6_000)
    _ = play.steps(at: 6_500)
    let renewal = play.calls.values.filter { $0.request == .renew(SessionID("s1")) }
      .max { $0.number < $1.number }!
    play.report(.renewal(.renewed), of: renewal.number, at: 6_510)
    _ = play.steps(at: 8_000)
    let read = play.calls.values.filter { $0.request == .confirmOwnership }
      .max { $0.number < $1.number }!
    // The machine is paused here, with both under way, and somebody notices.
    play.election.confirmOwnership(at: at(8_010))
    play.report(
      .picture(play.picture([x: holder("a", 7, session: "s1")])), of: read.number, at: 8_020)
    #expect(play.election.view.deadline == .distantPast)
    #expect(play.election.view.heldWithoutLease == [x])
  }

  @Test func nothingIsHandedOverWithoutALease() {
    var play = holding()
    _ = starve(&play, from: 1250, to: 6_000)
    play.election.handOver(x, to: "b", at: at(6_000))
    play.election.handOver(x, to: nil, at: at(6_000))
    #expect(play.election.view.handingOver.isEmpty)
  }

  @Test func aHandOverEndsWhenTheLeaseDoes() {
    var play = holding()
    play.election.handOver(x, to: nil, at: at(1_210))
    #expect(play.election.view.yielding == [x])
    _ = starve(&play, from: 1250, to: 6_000)
    #expect(play.election.view.yielding.isEmpty)
    #expect(play.election.view.heldWithoutLease == [x])
  }

  @Test func thePreferenceOfAHandOverThatEndsIsWithdrawn() {
    var play = holding()
    play.election.handOver(x, to: "b", at: at(1_210))
    _ = play.steps(at: 1_210)
    play.report(.done, of: play.last!.number, at: 1_220)
    #expect(play.election.view.yielding == [x])
    _ = starve(&play, from: 1250, to: 6_000)
    let withdrawal = Call.Request.prefer([Preference(address: x, node: nil)], SessionID("s1"))
    #expect(play.calls.values.contains { $0.request == withdrawal })
  }

  @Test func aStallIsNotForgottenOverTheAnswerThatEndsIt() {
    var play = holding()
    _ = starve(&play, from: 1250, to: 6_000)
    _ = play.steps(at: 6_500)
    let renewal = play.calls.values.filter { $0.request == .renew(SessionID("s1")) }
      .max { $0.number < $1.number }!
    // The process was frozen for two seconds, and the answer is the first that it sees.
    play.report(.renewal(.sessionGone), of: renewal.number, at: 8_500)
    _ = play.steps(at: 8_500)
    #expect(play.election.view.heldWithoutLease == [x])
    #expect(play.election.view.deadline == .distantPast)
    _ = play.steps(at: 9_500)
    play.election.noteAsked(at: at(9_500))
    #expect(play.election.view.deadline > at(9_500))
  }

  @Test func aSessionThatIsGoneIsFollowedByOneThatReadsAndAsksAtOnce() {
    var play = holding()
    _ = starve(&play, from: 1250, to: 6_000)
    _ = play.steps(at: 6_500)
    let renewal = play.calls.values.filter { $0.request == .renew(SessionID("s1")) }
      .max { $0.number < $1.number }!
    play.report(.renewal(.sessionGone), of: renewal.number, at: 6_510)
    #expect(play.election.view.held.count == 1)
    #expect(play.election.view.deadline > at(6_600))
    // Closed, opened, read, claimed: announcing all the time.
    _ = play.steps(at: 6_510)
    if case .close = play.last!.request { play.report(.done, of: play.last!.number, at: 6_515) }
    _ = play.steps(at: 7_000)
    guard case .open = play.last!.request else {
      Issue.record("does not open a session: \(play.last!.request)")
      return
    }
    play.report(
      .opening(.opened(SessionID("s2"), granted: .seconds(5))), of: play.last!.number, at: 7_005)
    _ = play.steps(at: 7_005)
    let picture = StorePicture(
      sessions: [SessionDescription(id: SessionID("s2"), node: "a")], claims: [:])
    play.report(.picture(picture), of: play.last!.number, at: 7_010)
    _ = play.steps(at: 7_010)
    #expect(play.last!.request == .acquire([x], SessionID("s2")))
    #expect(play.election.view.heldWithoutLease == [x])
    play.report(.acquisition([x: .acquired(Epoch(20))]), of: play.last!.number, at: 7_020)
    #expect(play.election.view.heldWithoutLease.isEmpty)
    #expect(play.election.view.held[x]?.epoch == Epoch(20))
    #expect(play.election.view.gained == 1)
  }

  @Test func whatTheStoreNamesAnotherForIsLetGo() {
    var play = holding()
    _ = starve(&play, from: 1250, to: 6_000)
    play.update(.sessionEnded(SessionID("s1")), at: 6_010)
    #expect(play.election.view.held.count == 1)
    play.update(.claimed(x, holder("b", 9)), at: 6_011)
    #expect(play.election.view.held.isEmpty)
    #expect(play.election.view.losses == [x: .takenBy(holder("b", 9))])
  }

  @Test func aSessionRevokedWhileTheStoreIsThereIsLostAtOnce() {
    var play = holding()
    _ = play.steps(at: 1250)
    play.update(.sessionEnded(SessionID("s1")), at: 1300)
    #expect(play.election.view.held.isEmpty)
    #expect(play.election.view.deadline == .distantPast)
  }

  @Test func othersLeaveWhatIsFreeAtFirstSightToWhoeverMayHoldIt() {
    var play = Transcript(policy: ElectionPolicy(holds: true))
    play.compete(for: x, at: 0)
    play.open(others: [])
    #expect(play.steps(at: 999) == ["wait 1.000s"] || play.steps(at: 999) == ["wait 1s"])
    #expect(play.steps(at: 1000).first?.hasSuffix("acquire 10.0.0.1") == true)
  }

  @Test func anAnswerFromBeforeTheDeadlineGivesNothingAfterIt() {
    var play = holding()
    play.compete(for: x, y, at: 1300)
    _ = play.steps(at: 1600)
    guard case .acquire([y], _) = play.last?.request else {
      Issue.record("does not ask for y")
      return
    }
    let late = play.last!.number
    for time in stride(from: Int64(1700), through: 4_100, by: 100) { _ = play.steps(at: time) }
    play.report(.acquisition([y: .acquired(Epoch(8))]), of: late, at: 4_150)
    #expect(play.election.view.held.keys.sorted() == [x])
  }
}
