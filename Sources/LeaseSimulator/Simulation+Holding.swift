internal import Lease
internal import Time
internal import Wire

/// `whenStoreIsLost: hold` (lease.md §2.10): while the store is away, exclusion is what nodes hear of each
/// other.
extension Simulation {
  private static let questionInterval = 400 * Int64.millisecond
  /// A second of listening, on the fastest clock.
  private static let listening = 900 * Int64.millisecond

  /// As `Coordinator.askTheLAN`: whoever answers is heard.
  func askTheLAN(_ node: SimulatedNode, _ process: Int) {
    guard node.process == process, node.isRunning else { return }
    guard !node.view.heldWithoutLease.isEmpty else {
      node.isAsking = false
      return
    }
    queue.add(
      .askTheLAN(node: node.index, process: process), at: now + Self.questionInterval)
    guard node.isAwake, now >= node.coordinatorStallsUntil else { return }
    for address in plan.addresses.indices
    where node.view.heldWithoutLease.contains(plan.addresses[address]) {
      let isHeard = nodes.contains { other in
        other !== node && other.isAwake
          && refusal(address, other, timestamp: other.wall(at: now), at: now) == nil
      }
      if isHeard { post(.hear(plan.addresses[address]), node) }
    }
  }

  /// Whether a node may go on with an address that is not its own in the store. Not right after it was
  /// held for long: it has to listen first.
  func holds(_ address: Int, _ node: SimulatedNode) -> Bool {
    guard plan.policy.holds else { return false }
    guard node.longHoldEndedAt.nanoseconds == 0 || now - node.longHoldEndedAt > Self.listening
    else { return false }
    return node.clock.reading(at: now) >= node.leaseDeadline
      || node.view.heldWithoutLease.contains(plan.addresses[address])
  }
}
