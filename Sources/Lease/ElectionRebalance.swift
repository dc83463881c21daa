internal import Time
internal import Wire

/// Moving addresses to where the ranking and equal shares want them, a few at a time (lease.md §3.5).
///
/// The node that should have an address asks for it, because it alone knows that it can serve it; the
/// holder hands it over if it rebalances too. A wish is made for an address
/// - that ranks this node first, while it holds less than an equal share rounded up and the holder
///   more than one rounded down; or
/// - whose holder has at least two addresses more than this node.
///
/// The first kind brings no node's load farther from the equal share, and the second brings the two
/// nearer together, so that wishes come to an end.
extension Election {
  /// How long a holder may take to fulfil a wish.
  static let wishPatience = Duration.seconds(3)
  /// Between one handful of wishes and the next.
  static let wishPause = Duration.seconds(1)
  /// How long a wish that was not fulfilled is not made again.
  static let wishRefusal = Duration.seconds(600)

  /// The set of nodes changed: what is to be moved is decided once it has settled.
  mutating func rebalanceLater(at now: Instant) {
    guard policy.rebalances else { return }
    rebalanceAt = now + policy.settling
  }

  /// A claim changed hands: look again some time, if nothing is planned.
  mutating func rebalanceSomeTime(at now: Instant) {
    if policy.rebalances, rebalanceAt == .distantFuture { rebalanceAt = now + policy.settling }
  }

  /// Makes the next handful of wishes; withdraws those that were not fulfilled.
  mutating func rebalance(at now: Instant) {
    guard policy.rebalances, now >= rebalanceAt else { return }
    guard isOpenAndSynced, confirmSince == nil, !isHolding else {
      // In doubt nothing is moved; what was wished for is to be withdrawn all the same, once it is over.
      rebalanceAt = now + Self.wishPause
      return
    }
    rebalanceAt = .distantFuture
    for (address, due) in wishes {
      if held[address] != nil || !wanted.contains(address) {
        wishes[address] = nil
      } else if now >= due {
        wishes[address] = nil
        refusals[address] = now + Self.wishRefusal
        preferencesToWrite[address] = Preference(address: address, node: nil)
      }
    }
    for address in preferences.keys { withdrawLate(address) }
    refusals = refusals.filter { now < $0.value }
    guard wishes.isEmpty else {
      rebalanceAt = now + Self.wishPause
      return
    }
    let moves = nextMoves(at: now)
    for address in moves {
      wishes[address] = now + Self.wishPatience
      preferencesToWrite[address] = Preference(address: address, node: node)
    }
    if !moves.isEmpty { rebalanceAt = now + Self.wishPause }
  }

  private struct Move {
    let address: IPAddress
    let holder: String
    let rank: Int
  }

  /// What this node should have and has not, the most fitting first.
  private func nextMoves(at now: Instant) -> [IPAddress] {
    guard !rivals.isEmpty else { return [] }
    var loads: [String: Int] = [:]
    var moves: [Move] = []
    for address in wanted {
      guard let holder = holders[address]?.node, rivals[holder] != nil else { continue }
      loads[holder, default: 0] += 1
      guard refusals[address] == nil, preferences[address] == nil else { continue }
      let rank = Ranking.rank(of: seed, among: rivals.values, for: address)
      moves.append(Move(address: address, holder: holder, rank: rank))
    }
    var own = held.count
    let total = loads.values.reduce(own, +)
    let nodes = rivals.count + 1
    let (low, high) = (total / nodes, (total + nodes - 1) / nodes)
    let handful = min(max(low / 8, 1), 8)
    var chosen: [IPAddress] = []
    for move in moves.sorted(by: { ($0.rank, $0.address) < ($1.rank, $1.address) }) {
      guard chosen.count < handful else { break }
      let load = loads[move.holder] ?? 0
      let isOurs = move.rank == 0 && own < high && load > low
      guard isOurs || load >= own + 2 else { continue }
      chosen.append(move.address)
      loads[move.holder] = load - 1
      own += 1
    }
    return chosen
  }
}
