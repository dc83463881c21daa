package import Wire

/// Who goes first for a free address, without anybody coordinating: rendezvous hashing (lease.md §3.3).
///
/// Every node computes the same weight for each (address, node) and so the same order; the heaviest
/// goes first. Shares come out even, and a node that leaves moves only its own addresses. The
/// function is part of the protocol between nodes: changing it makes versions disagree (harmless,
/// since the store decides, but slow and uneven).
///
/// weight = mix(FNV-1a₆₄(node name) + mix(mix(high half) + low half + family)), where mix is
/// SplitMix64's finalizer (Steele, Lea, Flood 2014), the halves are those of the address as a 128-bit
/// number, family is 4 or 6, and all sums wrap.
package enum Ranking {
  /// What each rank waits before it takes a free claim.
  package static let delayPerRank: Duration = .milliseconds(20)
  /// Nobody waits longer: ranks do not know who is eligible.
  package static let longestDelay: Duration = .milliseconds(200)

  /// FNV-1a, 64 bits, of the node's name in UTF-8.
  package static func seed(of node: String) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in node.utf8 {
      hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
    }
    return hash
  }

  /// The weight of a node, given by its `seed`, for an address.
  package static func weight(of address: IPAddress, seed: UInt64) -> UInt64 {
    let high = UInt64(truncatingIfNeeded: address.number >> 64)
    let low = UInt64(truncatingIfNeeded: address.number)
    return mix(seed &+ mix(mix(high) &+ low &+ (address.isIPv6 ? 6 : 4)))
  }

  /// How many of `others` go before `node`. Equal weights: the smaller seed first.
  package static func rank(
    of seed: UInt64, among others: some Sequence<UInt64>, for address: IPAddress
  )
    -> Int
  {
    let own = (weight(of: address, seed: seed), ~seed)
    return others.reduce(0) { rank, other in
      other != seed && (weight(of: address, seed: other), ~other) > own ? rank + 1 : rank
    }
  }

  /// How long a rank waits.
  package static func delay(ofRank rank: Int) -> Duration {
    min(delayPerRank * min(rank, 1000), longestDelay)
  }

  private static func mix(_ value: UInt64) -> UInt64 {
    var z = value &+ 0x9e37_79b9_7f4a_7c15
    z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
    return z ^ z >> 31
  }
}
