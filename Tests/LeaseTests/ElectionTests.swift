import Lease
import Testing
import Time
import Wire

/// The way to a claim and back.
struct ElectionTests {
  @Test func opensReadsAndAcquires() {
    var play = Transcript()
    play.compete(for: x, y, at: 0)
    #expect(play.election.view.session == .opening)
    #expect(play.election.view.health == .lost)
    #expect(play.steps(at: 0) == ["#1 open a 5000.0 ms", "wait 2.500s"])
    play.report(.opening(.opened(SessionID("s1"), granted: .seconds(5))), of: 1, at: 10)
    #expect(play.steps(at: 10) == ["#2 confirm", "wait 1.250s"])
    play.report(.picture(play.picture([y: holder("b", 3)], others: ["b"])), of: 2, at: 20)
    #expect(play.election.view.held.isEmpty)
    let rank = Ranking.rank(of: Ranking.seed(of: "a"), among: [Ranking.seed(of: "b")], for: x)
    _ = play.steps(at: 20 + 20 * Int64(rank))
    #expect(play.calls[3]?.request == .acquire([x], SessionID("s1")))
    #expect(play.election.view.held.isEmpty)
    play.report(.acquisition([x: .acquired(Epoch(7))]), of: 3, at: 60)
    let view = play.election.view
    #expect(view.held == [x: HeldClaim(epoch: Epoch(7), since: at(60))])
    #expect(view.holders == [y: holder("b", 3)])
    #expect(view.session == .open(SessionID("s1")))
    #expect(view.health == .healthy)
    // 5 s × 0.9 / 1.1 − 50 ms, from the send of the opening.
    #expect(view.deadline == Instant(nanoseconds: 4_040_909_090))
    #expect(view.gained == 1)
  }

  @Test func aFreshNodeAloneDoesNotWaitForRanks() {
    var play = Transcript(timeToLive: nil)
    play.compete(for: x, at: 0)
    play.open()
    #expect(play.steps(at: 0) == ["#3 acquire 10.0.0.1", "wait 5.000s"])
    #expect(play.election.view.deadline == .distantFuture)
    #expect(play.election.view.health == .none)
    play.report(.acquisition([x: .acquired(Epoch(1))]), of: 3, at: 1)
    #expect(play.steps(at: 1) == ["wait"])
  }

  @Test func batchesAndWindowBoundWhatIsAsked() {
    var play = Transcript(timeToLive: nil, limits: LeaseLimits(batch: 2, window: 2))
    let addresses = IPRange(IPAddress("10.0.0.1")!, IPAddress("10.0.0.5")!)!.addresses
    play.election.compete(for: Set(addresses), at: at(0))
    play.open()
    #expect(
      play.steps(at: 0) == [
        "#3 acquire 10.0.0.1 10.0.0.2", "#4 acquire 10.0.0.3 10.0.0.4", "wait 5.000s",
      ])
    play.report(
      .acquisition([x: .acquired(Epoch(1)), y: .acquired(Epoch(2))]), of: 3, at: 1)
    #expect(play.election.view.held.count == 2)
    #expect(play.steps(at: 1) == ["#5 acquire 10.0.0.5", "wait 5.000s"])
  }

  @Test func aFreedClaimIsTakenAfterTheRanksWait() {
    // Three candidates and a holder: the holder that let go does not count any more.
    let candidates = ["a", "b", "c"]
    for node in candidates {
      var play = Transcript(node: node)
      play.compete(for: x, at: 0)
      play.open(holders: [x: holder("d", 3)], others: candidates.filter { $0 != node } + ["d"])
      #expect(play.steps(at: 0) == ["wait 1.250s"])
      play.update(.freed(x, Epoch(3)), at: 100)
      let others = candidates.filter { $0 != node }.map { Ranking.seed(of: $0) }
      let rank = Ranking.rank(of: Ranking.seed(of: node), among: others, for: x)
      if rank > 0 { #expect(play.steps(at: 100) == ["wait \(at(100 + 20 * Int64(rank)))"]) }
      #expect(play.steps(at: 100 + 20 * Int64(rank)).first == "#3 acquire 10.0.0.1")
    }
  }

  @Test func theRankOfADeadNodeIsNotWaitedFor() {
    let nodes = (0..<6).map { "n\($0)" }
    let last = nodes.max { rank($0, among: nodes) < rank($1, among: nodes) }!
    var play = Transcript(node: last)
    play.compete(for: x, at: 0)
    play.open(holders: [x: holder("d", 3)], others: nodes.filter { $0 != last })
    // The claims' end arrives before the sessions', in one message.
    play.election.update(
      [.freed(x, Epoch(3))]
        + nodes.filter { $0 != last }.map { .sessionEnded(SessionID("s-\($0)")) }, at: at(100))
    #expect(play.steps(at: 100).first == "#3 acquire 10.0.0.1")
  }

  @Test func whenASessionEndsItsRankIsNoLongerWaitedFor() {
    let nodes = (0..<6).map { "n\($0)" }
    let last = nodes.max { rank($0, among: nodes) < rank($1, among: nodes) }!
    var play = Transcript(node: last)
    play.compete(for: x, at: 0)
    play.open(holders: [x: holder("d", 3)], others: nodes.filter { $0 != last })
    play.update(.freed(x, Epoch(3)), at: 100)
    #expect(play.steps(at: 100) == ["wait 0.200s"])
    play.election.update(
      nodes.filter { $0 != last }.map { .sessionEnded(SessionID("s-\($0)")) }, at: at(110))
    #expect(play.steps(at: 110).first == "#3 acquire 10.0.0.1")
  }

  @Test func whatIsNoLongerWantedIsReleasedUntilTheStoreSaysSo() {
    var play = holding([x: 7, y: 8])
    play.compete(for: y, at: 100)
    #expect(play.election.view.held.keys.elementsEqual([y]))
    #expect(play.steps(at: 100) == ["#4 release 10.0.0.1@7", "wait 1.250s"])
    play.report(.failed(StoreFailure(.unreachable, "refused")), of: 4, at: 110)
    #expect(play.election.view.error?.text == "refused")
    #expect(play.steps(at: 110) == ["wait 0.210s"])
    #expect(play.steps(at: 210) == ["#5 release 10.0.0.1@7", "wait 1.250s"])
    // Wanted again before it is given back: first the one, then the other.
    play.compete(for: x, y, at: 220)
    #expect(play.steps(at: 220) == ["wait 1.250s"])
    play.report(.done, of: 5, at: 230)
    #expect(play.election.view.error == nil)
    #expect(play.steps(at: 230).first == "#6 acquire 10.0.0.1")
  }

  @Test func whatArrivesTooLateToBeWantedIsGivenBack() {
    var play = Transcript()
    play.compete(for: x, at: 0)
    play.open()
    #expect(play.steps(at: 0).first == "#3 acquire 10.0.0.1")
    play.compete(at: 10)
    play.report(.acquisition([x: .acquired(Epoch(7))]), of: 3, at: 20)
    #expect(play.election.view.held.isEmpty)
    #expect(play.steps(at: 20).first == "#4 release 10.0.0.1@7")
  }

  @Test func aViewSaysWhichWishesItKnowsOf() {
    var play = Transcript()
    #expect(play.election.view.competitions == 0)
    play.compete(for: x, at: 0)
    play.open()
    play.acquireAll(at: 0)
    play.compete(at: 10)
    play.compete(for: x, at: 20)
    #expect(play.election.view.competitions == 3)
    #expect(play.election.view.held.isEmpty)
  }

  @Test func anAcquisitionWithoutAnAnswerIsAskedAgainOrGivenBack() {
    var play = Transcript()
    play.compete(for: x, y, at: 0)
    play.open()
    #expect(play.steps(at: 0).first == "#3 acquire 10.0.0.1 10.0.0.2")
    play.report(.failed(StoreFailure(.timedOut, "no answer")), of: 3, at: 10)
    #expect(play.election.view.held.isEmpty)
    play.compete(for: x, at: 20)
    // Which claim it may have taken is looked up first: a release of any could arrive late, and take a
    // younger one.
    #expect(play.steps(at: 110) == ["#4 confirm", "#5 acquire 10.0.0.1", "wait 1.250s"])
    play.report(
      .picture(play.picture([y: holder("a", 8, session: "s1")])), of: 4, at: 120)
    #expect(play.steps(at: 120).first == "#6 release 10.0.0.2@8")
  }

  @Test func aClaimOfOursThatWeDoNotKnowOfIsAskedForOrGivenBack() {
    var play = Transcript()
    play.compete(for: x, at: 0)
    play.open()
    _ = play.steps(at: 0)
    play.report(.failed(StoreFailure(.timedOut, "no answer")), of: 3, at: 10)
    play.update(
      .claimed(x, holder("a", 7, session: "s1")), .claimed(y, holder("a", 8, session: "s1")), at: 20
    )
    #expect(play.election.view.held.isEmpty)
    #expect(
      play.steps(at: 110) == ["#4 release 10.0.0.2@8", "#5 acquire 10.0.0.1", "wait 1.250s"])
  }

  @Test func theEndOfAClaimMayOvertakeTheAnswerThatNamesIt() {
    var play = Transcript()
    play.compete(for: x, at: 0)
    play.open()
    _ = play.steps(at: 0)
    play.update(.freed(x, Epoch(4)), at: 10)
    play.report(.acquisition([x: .heldBy(holder("b", 4))]), of: 3, at: 20)
    #expect(play.election.view.holders.isEmpty)
    #expect(play.steps(at: 20).first == "#4 acquire 10.0.0.1")
  }

  @Test func oneAddressThatFailsDoesNotStopTheOthers() {
    var play = Transcript(timeToLive: nil)
    play.compete(for: x, y, at: 0)
    play.open()
    _ = play.steps(at: 0)
    let failure = StoreFailure(.exhausted, "no descriptor left")
    play.report(.acquisition([x: .failed(failure), y: .acquired(Epoch(2))]), of: 3, at: 1)
    #expect(play.election.view.failures == [x: failure])
    #expect(play.election.view.error == failure)
    #expect(Array(play.election.view.held.keys) == [y])
    #expect(play.steps(at: 1) == ["wait 2.001s"])
    #expect(play.steps(at: 2001).first == "#4 acquire 10.0.0.1")
    play.report(.acquisition([x: .acquired(Epoch(3))]), of: 4, at: 2002)
    #expect(play.election.view.error == nil)
  }

  /// While another has the address there is no attempt, and so no failure that could stand.
  @Test func aFailureIsOverWhenAnotherHasTheAddress() {
    var play = Transcript(timeToLive: nil)
    play.compete(for: x, at: 0)
    play.open()
    _ = play.steps(at: 0)
    let failure = StoreFailure(.refused, "no right")
    play.report(.acquisition([x: .failed(failure)]), of: 3, at: 1)
    #expect(play.election.view.failures == [x: failure])
    play.update(.claimed(x, holder("b", 4)), at: 10)
    #expect(play.election.view.failures.isEmpty)
    #expect(play.election.view.error == nil)
  }

  @Test func shutdownClosesTheSessionAndEnds() {
    var play = holding([x: 7])
    play.election.shutDown(at: at(100))
    #expect(play.election.view.held.isEmpty)
    #expect(play.steps(at: 100) == ["#4 close s1", "wait 2.600s"])
    play.report(.done, of: 4, at: 110)
    #expect(play.steps(at: 110) == ["finished"])
    #expect(play.election.view.session == .closed)
  }

  @Test func shutdownLeavesASilentStoreToTheTTL() {
    var play = holding([x: 7])
    play.election.shutDown(at: at(100))
    #expect(play.steps(at: 100) == ["#4 close s1", "wait 2.600s"])
    #expect(play.steps(at: 2600) == ["wait 2.700s"])
    #expect(play.steps(at: 2700) == ["#5 close s1", "wait 5.200s"])
    #expect(play.steps(at: 5200) == ["wait 5.400s"])
    #expect(play.steps(at: 5400) == ["#6 close s1", "wait 7.900s"])
    #expect(play.steps(at: 7900) == ["finished"])
  }

  @Test func shutdownWhileOpeningClosesWhatWasOpened() {
    var play = Transcript()
    #expect(play.steps(at: 0).first == "#1 open a 5000.0 ms")
    play.election.shutDown(at: at(10))
    #expect(play.steps(at: 10) == ["wait 2.500s"])
    play.report(.opening(.opened(SessionID("s1"), granted: nil)), of: 1, at: 20)
    #expect(play.steps(at: 20) == ["#2 close s1", "wait 2.520s"])
    play.report(.done, of: 2, at: 30)
    #expect(play.steps(at: 30) == ["finished"])
  }

  private func rank(_ node: String, among nodes: [String]) -> Int {
    Ranking.rank(
      of: Ranking.seed(of: node), among: nodes.filter { $0 != node }.map { Ranking.seed(of: $0) },
      for: x)
  }
}

/// An election with a TTL of 5 s at time 0 that holds these addresses with these epochs.
func holding(_ claims: [IPAddress: UInt64]) -> Transcript {
  var play = Transcript()
  play.election.compete(for: Set(claims.keys), at: at(0))
  play.open()
  _ = play.steps(at: 0)
  play.report(.acquisition(claims.mapValues { .acquired(Epoch($0)) }), of: 3, at: 0)
  return play
}
