internal import Time
internal import Wire

/// When to stand for a free address: ranks, and each node's fair share (lease.md §3.3, §3.4).
///
/// Ranks alone are even only on average: with 20 addresses a node, chance gives some node half as much
/// again. So a node that has its share of what it wants leaves further addresses to the others for the
/// longest time that a rank waits, and then goes by rank again in small steps.
extension Election {
  /// Puts a wanted address that seems free in line, at the place of our rank.
  mutating func consider(_ address: IPAddress, at now: Instant, without former: String? = nil) {
    guard case .open = phase, isSynced, wanted.contains(address), held[address] == nil,
      holders[address] == nil, toRelease[address] == nil, !acquiring.contains(address),
      !queue.contains(address), !exhaustion.contains(address)
    else { return }
    let since = max(now, abstinences[address] ?? now)
    let candidacy = Candidacy(since: since, former: former)
    candidacies[address] = candidacy
    queue.insert(address, due: due(address, candidacy))
  }

  /// A session ended: nobody shall wait for its rank or its share.
  mutating func reconsider(at now: Instant) {
    for (address, var candidacy) in candidacies where queue.contains(address) {
      candidacy.isDeferred = false
      candidacies[address] = candidacy
      queue.insert(address, due: due(address, candidacy))
    }
  }

  func due(_ address: IPAddress, _ candidacy: Candidacy) -> Instant {
    let others = rivals.lazy.filter { $0.key != candidacy.former }.map(\.value)
    let rank = Ranking.rank(of: seed, among: others, for: address)
    let preferred = preferences[address]
    if preferred == node { return candidacy.since }
    let isForAnother = preferred.map { rivals[$0] != nil && $0 != candidacy.former } ?? false
    return candidacy.isDeferred || isForAnother
      ? candidacy.since + Ranking.longestDelay + Self.deferredDelayPerRank * min(rank, 10)
      : candidacy.since + Ranking.delay(ofRank: rank)
  }

  /// Beyond the longest rank's wait, so that whoever has less goes before.
  private static let deferredDelayPerRank = Duration.milliseconds(2)

  /// Takes the next batch of addresses to ask for.
  mutating func takeDue(at now: Instant) -> [IPAddress] {
    var batch: [IPAddress] = []
    while batch.count < limits.batch, let address = queue.take(dueAt: now, limit: 1).first {
      let candidacy = candidacies.removeValue(forKey: address)
      let load = held.count + acquiring.count + batch.count
      guard var candidacy, !candidacy.isDeferred, preferences[address] != node,
        load >= share(of: candidacy)
      else {
        batch.append(address)
        continue
      }
      candidacy.isDeferred = true
      candidacies[address] = candidacy
      queue.insert(address, due: due(address, candidacy))
    }
    return batch + exhaustion.take(at: now, limit: limits.batch - batch.count)
  }

  /// How many addresses this node would hold if the live nodes had equal parts.
  ///
  /// Rounded up when a holder has gone, so that nobody hesitates over the odd address of a hand-over;
  /// rounded down (but at least 1) when the addresses are new, so that every node gets its part.
  private func share(of candidacy: Candidacy) -> Int {
    guard let former = candidacy.former else { return max(wanted.count / (rivals.count + 1), 1) }
    let nodes = rivals.count + 1 - (rivals[former] == nil ? 0 : 1)
    return (wanted.count + nodes - 1) / nodes
  }

  /// Takes notice of who else is there.
  mutating func rankAnew() {
    rivals = Dictionary(
      sessions.values.filter { $0.node != node }.map { ($0.node, Ranking.seed(of: $0.node)) }
    ) { first, _ in first }
  }
}
