import Lease
import Testing
import Wire

struct RankingTests {
  /// Fixed for ever: nodes of different versions have to agree.
  @Test func theFunctionIsTheSameOnEveryMachine() {
    // FNV-1a test vectors: "" and "a".
    #expect(Ranking.seed(of: "") == 0xcbf2_9ce4_8422_2325)
    #expect(Ranking.seed(of: "a") == 0xaf63_dc4c_8601_ec8c)
    #expect(Ranking.weight(of: x, seed: Ranking.seed(of: "node-a")) == 0x9d34_ed23_c45b_4290)
    #expect(
      Ranking.weight(of: IPAddress("2001:db8::1")!, seed: Ranking.seed(of: "node-a"))
        == 0x55a4_244a_a345_c91a)
  }

  /// Ranks alone, where chance has evened out; `SpreadTests` has the shares that an election gives.
  @Test(arguments: [2, 3, 5, 7, 16])
  func firstRanksAreEven(nodes: Int) {
    let seeds = (0..<nodes).map { Ranking.seed(of: "node-\($0)") }
    for base in ["10.80.0.0", "192.168.8.1", "2001:db8::"] {
      for count in [500 * nodes] {
        var shares = [Int](repeating: 0, count: nodes)
        for index in 0..<count {
          let address = offset(IPAddress(base)!, by: index)
          let weights = seeds.map { Ranking.weight(of: address, seed: $0) }
          shares[weights.firstIndex(of: weights.max()!)!] += 1
        }
        let mean = Double(count) / Double(nodes)
        for share in shares { #expect(abs(Double(share) - mean) <= 0.25 * mean, "\(base)") }
      }
    }
  }

  @Test func ranksAreAPermutationForEveryAddress() {
    let seeds = (0..<9).map { Ranking.seed(of: "n\($0)") }
    for index in 0..<100 {
      let address = offset(x, by: index)
      let ranks = seeds.map { Ranking.rank(of: $0, among: seeds, for: address) }
      #expect(ranks.sorted() == Array(0..<9))
    }
  }

  @Test func aNodeThatLeavesMovesOnlyItsOwnAddresses() {
    let seeds = (0..<5).map { Ranking.seed(of: "n\($0)") }
    for index in 0..<200 {
      let address = offset(x, by: index)
      let before = seeds.min { rank($0, seeds, address) < rank($1, seeds, address) }!
      let rest = Array(seeds.dropLast())
      let after = rest.min { rank($0, rest, address) < rank($1, rest, address) }!
      if before != seeds.last { #expect(after == before) }
    }
  }

  @Test func theDelayGrowsWithTheRankUpToItsBound() {
    #expect(Ranking.delay(ofRank: 0) == .zero)
    #expect(Ranking.delay(ofRank: 3) == .milliseconds(60))
    #expect(Ranking.delay(ofRank: 11) == .milliseconds(200))
    #expect(Ranking.delay(ofRank: .max) == .milliseconds(200))
  }

  private func rank(_ seed: UInt64, _ seeds: [UInt64], _ address: IPAddress) -> Int {
    Ranking.rank(of: seed, among: seeds, for: address)
  }

  private func offset(_ address: IPAddress, by count: Int) -> IPAddress {
    switch address {
    case .v4(let address): .v4(IPv4Address(rawValue: address.rawValue + UInt32(count)))
    case .v6(let address): .v6(IPv6Address(rawValue: address.rawValue + UInt128(count)))
    }
  }
}
