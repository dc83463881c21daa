import Lease
import Testing
import Time
import Wire

/// Which addresses a node asks for when it rebalances, and when.
struct ElectionRebalanceTests {
  private let addresses = Array(IPRange(IPAddress("10.0.0.1")!, IPAddress("10.0.0.64")!)!.addresses)

  /// A node that has just come back to one that holds everything.
  private func returned() -> Transcript {
    var play = Transcript(timeToLive: nil, policy: ElectionPolicy(rebalances: true))
    play.election.compete(for: Set(addresses), at: at(0))
    var holders: [IPAddress: Holder] = [:]
    for (index, address) in addresses.enumerated() {
      holders[address] = holder("b", UInt64(index + 1))
    }
    play.open(holders: holders, others: ["b"])
    return play
  }

  private func wished(_ play: Transcript) -> [IPAddress] {
    guard case .prefer(let preferences, _) = play.last?.request else { return [] }
    return preferences.filter { $0.node == "a" }.map(\.address)
  }

  @Test func aNodeThatReturnsAsksForNothingUntilTheNodesHaveSettled() {
    var play = returned()
    #expect(play.steps(at: 9_999) == ["wait 10s"] || play.steps(at: 9_999) == ["wait 10.000s"])
    _ = play.steps(at: 10_000)
    #expect(wished(play).count == 4)  // An eighth of its equal share of 32.
    for address in wished(play) {
      #expect(
        Ranking.rank(of: Ranking.seed(of: "a"), among: [Ranking.seed(of: "b")], for: address) == 0)
    }
  }

  @Test func aChangeOfNodesStartsTheWaitAnew() {
    var play = returned()
    _ = play.steps(at: 0)
    play.update(
      .sessionOpened(SessionDescription(id: SessionID("s-c"), node: "c")), at: 8_000)
    _ = play.steps(at: 17_999)
    #expect(wished(play).isEmpty)
    _ = play.steps(at: 18_000)
    #expect(!wished(play).isEmpty)
  }

  @Test func itGoesOnInHandfulsUntilTheSharesAreEqual() {
    var play = returned()
    var time: Int64 = 10_000
    var holders = addresses.count
    var largest = 0
    var epoch: UInt64 = 100
    while time < 60_000 {
      _ = play.steps(at: time)
      let wishes = wished(play)
      largest = max(largest, wishes.count)
      if !wishes.isEmpty {
        play.report(.done, of: play.last!.number, at: time)
        for address in wishes {
          play.update(.preferred(address, node: "a"), at: time)
          let former = play.election.view.holders[address]!.epoch
          play.update(.freed(address, former), at: time)
          holders -= 1
        }
        _ = play.steps(at: time)
        guard case .acquire(let asked, _) = play.last?.request else {
          Issue.record("does not take what it asked for")
          return
        }
        #expect(Set(asked) == Set(wishes))
        var answers: [IPAddress: AcquireAnswer] = [:]
        for address in asked {
          answers[address] = .acquired(Epoch(epoch))
          epoch += 1
        }
        play.report(.acquisition(answers), of: play.last!.number, at: time)
        for address in asked { play.update(.preferred(address, node: nil), at: time) }
      }
      time += 1_000
    }
    #expect(play.election.view.held.count == 32)
    #expect(holders == 32)
    #expect(largest <= 8)
  }

  @Test func aWishThatNobodyFulfilsIsWithdrawnAndNotRepeated() {
    var play = returned()
    _ = play.steps(at: 10_000)
    let first = Set(wished(play))
    play.report(.done, of: play.last!.number, at: 10_010)
    for time in stride(from: Int64(11_000), through: 13_000, by: 1_000) { _ = play.steps(at: time) }
    guard case .prefer(let preferences, _) = play.last?.request else {
      Issue.record("nothing was withdrawn")
      return
    }
    let withdrawn = Set(preferences.filter { $0.node == nil }.map(\.address))
    #expect(withdrawn == first)
    #expect(Set(preferences.filter { $0.node != nil }.map(\.address)).isDisjoint(with: first))
  }

  /// A node that was frozen in between, and reads the store first, has not forgotten what it wished for.
  @Test func aWishFromBeforeADoubtIsWithdrawnAfterIt() {
    var play = returned()
    _ = play.steps(at: 10_000)
    let first = Set(wished(play))
    play.report(.done, of: play.last!.number, at: 10_010)
    play.election.confirmOwnership(at: at(10_900))
    _ = play.steps(at: 10_900)
    guard case .confirmOwnership = play.last?.request else {
      Issue.record("does not read the store")
      return
    }
    let read = play.last!.number
    // Its time to look at the wishes comes while it is in doubt.
    _ = play.steps(at: 11_500)
    let holders = play.election.view.holders
    play.report(.picture(play.picture(holders, others: ["b"])), of: read, at: 12_000)
    var withdrawn: Set<IPAddress> = []
    for time in stride(from: Int64(12_000), through: 16_000, by: 500) {
      _ = play.steps(at: time)
      guard case .prefer(let preferences, _) = play.last?.request else { continue }
      withdrawn.formUnion(preferences.filter { $0.node == nil }.map(\.address))
    }
    #expect(!first.isEmpty && withdrawn == first)
  }

  @Test func equalSharesInTheirPlacesMoveNothing() {
    var play = Transcript(timeToLive: nil, policy: ElectionPolicy(rebalances: true))
    play.compete(for: x, y, at: 0)
    let seeds = (a: Ranking.seed(of: "a"), b: Ranking.seed(of: "b"))
    // Everything is where it ranks first.
    var holders: [IPAddress: Holder] = [:]
    for address in [x, y] where Ranking.rank(of: seeds.a, among: [seeds.b], for: address) != 0 {
      holders[address] = holder("b", 5)
    }
    play.open(holders: holders, others: ["b"])
    play.acquireAll(at: 500)
    let before = play.last?.number
    for time in stride(from: Int64(1_000), through: 40_000, by: 1_000) { _ = play.steps(at: time) }
    #expect(play.last?.number == before || holders.count != 1)
  }
}
