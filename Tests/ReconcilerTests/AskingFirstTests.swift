import Announcer
import Lease
import Reconciler
import Testing
import Wire

/// What nobody is known to have announced is asked for before it is competed for.
struct AskingFirstTests {
  private func node() -> Transcript {
    var node = Transcript("10.0.0.1")
    node.asksFirst = true
    node.serve(at: 0)
    return node
  }

  @Test func whatIsFreeIsCompetedForAfterTheVerdict() {
    var node = node()
    #expect(
      node.steps(at: 0) == [
        "arm nothing", "compete for nothing", "is 10.0.0.1 free?", "wait until 100",
      ])
    #expect(node.reconciler.isAsking(for: IPAddress("10.0.0.1")!))
    #expect(node.steps(at: 100) == ["is 10.0.0.1 free?", "wait until 200"])
    #expect(node.steps(at: 200) == ["compete for 10.0.0.1", "wait"])
    #expect(!node.reconciler.awaitsVerdicts)
    // From here on it is known.
    node.serve(at: 300)
    #expect(node.steps(at: 300) == ["wait"])
  }

  @Test func whatAStationHasIsNotCompetedForUntilItHasGone() {
    var node = node()
    let start = node.at(0)
    node.see { $0.confirmedAt = start }
    _ = node.steps(at: 0)
    node.answer("10.0.0.1", at: 50)
    _ = node.steps(at: 100)
    // Asked once more before it is believed.
    #expect(node.steps(at: 200) == ["is 10.0.0.1 free?", "wait until 300"])
    node.answer("10.0.0.1", at: 250)
    _ = node.steps(at: 300)
    #expect(node.steps(at: 400) == ["reassess", "wait until 1200"])
    #expect(node.reconciler.occupant(of: IPAddress("10.0.0.1")!) != nil)
    #expect(node.reconciler.serviceability?.taken.count == 1)
    // It has gone.
    _ = node.steps(at: 1200)
    _ = node.steps(at: 1300)
    #expect(node.steps(at: 1400) == ["reassess", "compete for 10.0.0.1", "wait"])
  }

  /// A node of ours may be the one that answers.
  @Test func nothingIsSaidOfStationsBeforeTheStoreWasRead() {
    var node = node()
    _ = node.steps(at: 0)
    node.answer("10.0.0.1", at: 50)
    _ = node.steps(at: 100)
    _ = node.steps(at: 200)
    node.answer("10.0.0.1", at: 250)
    _ = node.steps(at: 300)
    #expect(!node.steps(at: 400).contains("reassess"))
    #expect(node.reconciler.occupants.isEmpty)
    // Nor is it claimed.
    #expect(node.reconciler.candidates == [])
    let now = node.at(500)
    node.see { $0.confirmedAt = now }
    #expect(node.steps(at: 500).contains("reassess"))
    #expect(node.reconciler.occupants.count == 1)
  }

  @Test func whatAnotherNodeHoldsIsATakeoverAndWaitsForNothing() {
    var node = node()
    node.see {
      $0.holders[IPAddress("10.0.0.1")!] = Holder(
        node: "node-b", session: SessionID("s2"), epoch: Epoch(3))
    }
    #expect(node.steps(at: 0) == ["arm nothing", "compete for 10.0.0.1", "wait"])
  }

  /// kube-proxy in IPVS mode gives every node every address, and all of them answer.
  @Test func whatTheKernelAnswersForIsNotAskedFor() {
    var node = node()
    node.ownAddresses = [IPAddress("10.0.0.1")!]
    #expect(node.steps(at: 0) == ["arm nothing", "compete for 10.0.0.1", "wait"])
  }

  @Test func aNameThatIsTakenHasTakenItsAddressesToo() {
    var node = node()
    node.see { $0.session = .waiting(for: SessionDescription(id: SessionID("s0"), node: "node-a")) }
    #expect(node.steps(at: 0) == ["arm nothing", "compete for 10.0.0.1", "wait"])
  }

  /// An address that nobody asks for any more is a stranger when it is asked for again.
  @Test func whatIsNotWantedAnyMoreIsForgotten() {
    var node = node()
    _ = node.steps(at: 0)
    _ = node.steps(at: 100)
    _ = node.steps(at: 200)
    let addresses = node.addresses
    node.addresses = []
    node.reconciler.keep(Assignments([]))
    node.serve(at: 300)
    #expect(node.steps(at: 300) == ["compete for nothing", "wait"])
    node.addresses = addresses
    node.serve(at: 400)
    #expect(node.steps(at: 400) == ["is 10.0.0.1 free?", "wait until 500"])
  }
}
