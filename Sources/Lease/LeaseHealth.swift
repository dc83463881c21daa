/// How sure this node is of its session; the raw values are those of `lease.state` in the status.
package enum LeaseHealth: String, Hashable, Sendable {
  /// The last renewal was confirmed.
  case healthy
  /// A renewal failed, or ownership is being read again; what is held stays until the deadline.
  case uncertain
  /// No session: nothing is held.
  case lost
  /// The store has no TTL, so nothing has to be renewed.
  case none
}
