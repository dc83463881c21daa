import Lease
import Testing
import Time
import Wire

/// Giving an address away while both nodes are well.
struct ElectionHandOverTests {
  private func holding(
    others: [String] = ["b", "c"], policy: ElectionPolicy = ElectionPolicy()
  ) -> Transcript {
    var play = Transcript(timeToLive: nil, policy: policy)
    play.compete(for: x, at: 0)
    play.open(others: others)
    play.acquireAll(at: 1000)
    #expect(play.election.view.held.count == 1)
    return play
  }

  @Test func theClaimIsReleasedOnlyAfterTheGateWasShut() {
    var play = holding()
    play.election.handOver(x, to: nil, at: at(2000))
    #expect(play.election.view.yielding == [x])
    #expect(play.election.view.held[x] != nil)
    #expect(play.steps(at: 2000) == ["wait"])
    play.election.giveUp([x], at: at(2010))
    #expect(play.election.view.held.isEmpty)
    #expect(play.election.view.handedOver == 1)
    #expect(play.election.view.lost == 0)
    #expect(play.steps(at: 2010).first?.hasSuffix("release 10.0.0.1@7") == true)
  }

  @Test func whoGaveUpStandsBackUntilSomebodyElseHadTime() {
    var play = holding()
    play.election.handOver(x, to: nil, at: at(2000))
    play.election.giveUp([x], at: at(2000))
    _ = play.steps(at: 2000)
    let release = play.last!.number
    play.report(.done, of: release, at: 2005)
    play.update(.freed(x, Epoch(7)), at: 2006)
    let rank = Ranking.rank(
      of: Ranking.seed(of: "a"), among: ["b", "c"].map { Ranking.seed(of: $0) }, for: x)
    let back = 4000 + Int64(rank) * 20
    #expect(play.steps(at: back - 1) == ["wait \(at(back))"])
    #expect(play.steps(at: back).first?.hasSuffix("acquire 10.0.0.1") == true)
  }

  @Test func standingBackEndsWithTheSuccessorsClaim() {
    var play = holding()
    play.election.handOver(x, to: nil, at: at(2000))
    play.election.giveUp([x], at: at(2000))
    _ = play.steps(at: 2000)
    play.report(.done, of: play.last!.number, at: 2005)
    play.update(.claimed(x, holder("b", 9)), at: 2010)
    #expect(play.election.view.holders[x]?.node == "b")
    // b goes soon after: nothing keeps this node from standing again.
    play.update(.freed(x, Epoch(9)), .sessionEnded(SessionID("s-b")), at: 2020)
    #expect(play.steps(at: 2400).contains { $0.hasSuffix("acquire 10.0.0.1") })
  }

  @Test func aNamedSuccessorIsWrittenDownBeforeTheGateShuts() {
    var play = holding()
    play.election.handOver(x, to: "c", at: at(2000))
    #expect(play.election.view.yielding.isEmpty)
    #expect(play.election.view.handingOver == [x])
    #expect(play.steps(at: 2000).first?.hasSuffix("prefer 10.0.0.1=c") == true)
    play.report(.done, of: play.last!.number, at: 2005)
    #expect(play.election.view.yielding == [x])
  }

  @Test func aPreferenceThatCannotBeWrittenHandsNothingOver() {
    var play = holding()
    play.election.handOver(x, to: "c", at: at(2000))
    _ = play.steps(at: 2000)
    play.report(.failed(StoreFailure(.timedOut, "slow")), of: play.last!.number, at: 2500)
    #expect(play.election.view.handingOver.isEmpty)
    #expect(play.election.view.held[x] != nil)
    // It may have been written: it is withdrawn.
    #expect(play.steps(at: 2700).first?.hasSuffix("prefer 10.0.0.1=nobody") == true)
  }

  @Test func nothingIsHandedOverToNobody() {
    var alone = holding(others: [])
    alone.election.handOver(x, to: nil, at: at(2000))
    #expect(alone.election.view.handingOver.isEmpty)
    var play = holding()
    play.election.handOver(x, to: "d", at: at(2000))
    play.election.handOver(y, to: "b", at: at(2000))
    #expect(play.election.view.handingOver.isEmpty)
  }

  @Test func thePreferredNodeGoesFirstAndTheOthersWait() {
    for preferred in ["a", "b"] {
      var play = Transcript(timeToLive: nil)
      play.compete(for: x, at: 0)
      play.open(holders: [x: holder("c", 3)], others: ["b", "c", "d", "e", "f"])
      _ = play.steps(at: 0)
      play.update(.preferred(x, node: preferred), at: 1000)
      play.update(.freed(x, Epoch(3)), at: 1010)
      let steps = play.steps(at: 1010)
      if preferred == "a" {
        #expect(steps.first?.hasSuffix("acquire 10.0.0.1") == true)
      } else {
        #expect(play.steps(at: 1209).count == 1)
        #expect(play.steps(at: 1230).first?.hasSuffix("acquire 10.0.0.1") == true)
      }
    }
  }

  @Test func aHolderFollowsAPreferenceOnlyWhereItRebalances() {
    let policies = [
      (ElectionPolicy(), false), (ElectionPolicy(rebalances: true), true),
      (ElectionPolicy(obeysPreferences: true), true),
    ]
    for (policy, obeys) in policies {
      var play = holding(policy: policy)
      play.update(.preferred(x, node: "b"), at: 2000)
      #expect(play.election.view.yielding == (obeys ? [x] : []))
    }
  }

  @Test func anAddressThatIsNoLongerWantedIsReleasedAtOnce() {
    var play = holding()
    play.election.handOver(x, to: nil, at: at(2000))
    play.compete(at: 2001)
    #expect(play.election.view.yielding.isEmpty)
    #expect(play.steps(at: 2001).first?.hasSuffix("release 10.0.0.1@7") == true)
  }
}
