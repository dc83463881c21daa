import Announcer
import Lease
import Reconciler
import Testing
import Time
import Wire

/// Other stations that assert what is armed here.
struct ConflictTests {
  private func announcing(timeToLive: Duration? = .seconds(5)) -> Transcript {
    var node = Transcript("10.0.0.1", timeToLive: timeToLive)
    node.serve(at: 0)
    _ = node.steps(at: 0)
    node.gain(until: 4000)
    _ = node.steps(at: 0)
    return node
  }

  @Test func anAddressIsDefendedOnceTheStoreWasRead() {
    var node = announcing()
    let isDefended = node.hear("10.0.0.1", at: 100)
    #expect(isDefended)
    #expect(node.steps(at: 100) == ["read the store", "wait"])
    // A read that was sent before the conflict was heard proves nothing.
    let before = node.at(99)
    node.see { $0.confirmedAt = before }
    #expect(node.steps(at: 110) == ["wait"])
    let after = node.at(100)
    node.see { $0.confirmedAt = after }
    #expect(node.steps(at: 120) == ["defend 10.0.0.1", "wait"])
  }

  @Test func aConflictThatIsLostIsNotDefended() {
    var node = announcing()
    let isDefended = node.hear("10.0.0.1", at: 100)
    #expect(isDefended)
    _ = node.steps(at: 100)
    let now = node.at(110)
    node.see { view in
      view.confirmedAt = now
      view.held = [:]
      view.holders[IPAddress("10.0.0.1")!] = Holder(
        node: "node-b", session: SessionID("s2"), epoch: Epoch(9))
    }
    #expect(node.steps(at: 120) == ["arm nothing", "wait"])
  }

  @Test func aLockThatIsHeldNeedsNoRead() {
    var node = announcing(timeToLive: nil)
    let isDefended = node.hear("10.0.0.1", at: 100)
    #expect(isDefended)
    #expect(node.steps(at: 100) == ["defend 10.0.0.1", "wait"])
  }

  /// Once more, so that the last word that neighbours heard is ours.
  @Test func whatIsAssertedAgainIsDefendedAgainWhenItsTimeHasCome() {
    var node = announcing(timeToLive: nil)
    node.renew(until: 60_000)
    node.hear("10.0.0.1", at: 100)
    _ = node.steps(at: 100)
    let isDefended = node.hear("10.0.0.1", at: 200)
    #expect(!isDefended)
    #expect(node.steps(at: 200) == ["wait until 10100"])
    #expect(node.steps(at: 10_100) == ["defend 10.0.0.1", "wait"])
  }

  @Test func whatIsNotArmedConcernsNobody() {
    var node = announcing()
    let isDefended = node.hear("10.0.0.9", at: 100)
    #expect(!isDefended)
    // Nor does what is heard behind a gate that is shut.
    let isDefendedBehindTheGate = node.hear("10.0.0.1", at: 4000)
    #expect(!isDefendedBehindTheGate)
    #expect(node.steps(at: 4000) == ["wait"])
  }

  @Test func whatIsHeldWithoutALeaseIsAskedForAndLeftToWhoeverIsHeard() {
    var node = announcing()
    let address = IPAddress("10.0.0.1")!
    node.see { $0.heldWithoutLease = [address] }
    #expect(node.steps(at: 5000) == ["ask for rivals of 10.0.0.1", "wait until 5400"])
    #expect(node.steps(at: 5400) == ["ask for rivals of 10.0.0.1", "wait until 5800"])
    node.hear("10.0.0.1", at: 5500)
    node.hear("10.0.0.1", at: 5500)
    #expect(node.steps(at: 5500) == ["yield 10.0.0.1", "wait until 5800"])
    node.see { view in
      view.heldWithoutLease = []
      view.held = [:]
    }
    #expect(node.steps(at: 5510) == ["arm nothing", "wait"])
  }

  /// A share of what is held is asked for, one after the other.
  @Test func allThatIsHeldIsAskedForInTurn() {
    var node = Transcript()
    node.addresses = (1...20).map { IPAddress("10.0.0.\($0)")! }
    node.serve(at: 0)
    _ = node.steps(at: 0)
    node.gain(until: 4000)
    _ = node.steps(at: 0)
    node.reconciler.askForAShare(at: node.at(100))
    #expect(
      node.steps(at: 100) == (1...16).map { "ask for 10.0.0.\($0)" } + ["wait"])
    node.reconciler.askForAShare(at: node.at(200))
    #expect(
      node.steps(at: 200)
        == ((17...20).map { "ask for 10.0.0.\($0)" } + (1...12).map { "ask for 10.0.0.\($0)" })
        + ["wait"])
  }

  // MARK: A stall

  /// Without TTL no deadline shuts the gate while the loop does not run.
  @Test func afterAStallNothingIsAnnouncedBeforeTheStoreWasRead() {
    var node = Transcript("10.0.0.1", rounds: [.zero, .milliseconds(50)], timeToLive: nil)
    node.serve(at: 0)
    _ = node.steps(at: 0)
    node.gain(until: 4000)
    _ = node.steps(at: 0)
    node.reconciler.noteStall(at: node.at(500))
    #expect(node.steps(at: 500) == ["read the store", "wait"])
    let now = node.at(510)
    node.see { $0.confirmedAt = now }
    #expect(node.steps(at: 510) == ["announce 10.0.0.1", "wait"])
  }

  @Test func withATTLTheDeadlineHasTakenCareOfAStall() {
    var node = announcing()
    node.reconciler.noteStall(at: node.at(500))
    #expect(node.steps(at: 500) == ["wait"])
  }

  // MARK: Duties

  @Test func aDutyIsGivenUpWhenTheLastWriteHasEnded() {
    var node = announcing()
    let duty = IPAddress("100::1")!
    node.reconciler.update(duties: [duty], busy: [])
    #expect(node.steps(at: 100) == ["compete for 10.0.0.1 100::1", "wait"])
    node.see { view in
      view.competitions = 2
      view.held[duty] = HeldClaim(epoch: Epoch(9), since: .distantPast)
    }
    #expect(node.steps(at: 110) == ["wait"])
    #expect(node.reconciler.mayUse(duty))
    node.see { $0.yielding = [duty] }
    #expect(!node.reconciler.mayUse(duty))
    node.reconciler.update(duties: [duty], busy: [duty])
    #expect(node.steps(at: 120) == ["wait"])
    node.reconciler.update(duties: [duty], busy: [])
    #expect(node.steps(at: 130) == ["give up 100::1", "wait"])
  }

  @Test func aDutyThatIsNotWantedAnyMoreIsKeptWhileItIsBusy() {
    var node = announcing()
    let duty = IPAddress("100::1")!
    node.reconciler.update(duties: [duty], busy: [])
    _ = node.steps(at: 100)
    node.reconciler.update(duties: [], busy: [duty])
    #expect(node.steps(at: 110) == ["wait"])
    node.reconciler.update(duties: [], busy: [])
    #expect(node.steps(at: 120) == ["compete for 10.0.0.1", "wait"])
  }
}
