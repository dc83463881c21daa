package import Time
package import Wire

/// Everything the rest of the program knows of the election, at one moment.
package struct LeaseView: Hashable, Sendable {
  package var session: SessionState
  package var health: LeaseHealth
  /// Frames may leave while `now` is before this. `distantFuture` for a store without TTL,
  /// `distantPast` while the gate is shut whatever is held.
  package var deadline: Instant
  package var held: [IPAddress: HeldClaim]
  /// What other sessions hold, as far as known.
  package var holders: [IPAddress: Holder]
  /// Why wanted addresses that were held were lost; until they are held again or no longer wanted.
  package var losses: [IPAddress: LossReason]
  /// Addresses that the store cannot claim, and why.
  package var failures: [IPAddress: StoreFailure]
  /// What is wrong with the store now; nil when nothing is.
  package var error: StoreFailure?
  /// How long the last confirmed renewal took, from send to answer.
  package var lastRenewal: Duration?
  /// The TTL in force; nil for a store without.
  package var timeToLive: Duration?
  /// Claims gained since the start.
  package var gained: UInt64
  /// Claims lost against our will since the start.
  package var lost: UInt64
}
