internal import Lease
internal import Reconciler
internal import Time
internal import Wire

/// `whenStoreIsLost: hold` (lease.md §2.10): while the store is away, exclusion is what nodes hear of each
/// other.
extension Simulation {
  /// A second of listening, on the fastest clock.
  private static let listening = 900 * Int64.millisecond

  /// Whether a node may go on with an address that is not its own in the store. Not right after it was
  /// held for long: it has to listen first.
  func holds(_ address: Int, _ node: SimulatedNode) -> Bool {
    guard plan.policy.holds else { return false }
    guard node.longHoldEndedAt.nanoseconds == 0 || now - node.longHoldEndedAt > Self.listening
    else { return false }
    return node.clock.reading(at: now) >= node.leaseDeadline
      || node.published?.heldWithoutLease.contains(plan.addresses[address]) == true
  }
}
