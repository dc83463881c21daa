internal import Time

extension Election {
  static let restorationFailure = StoreFailure(
    .unavailable,
    "the lease store's history has gone back, as when it is put back from a backup: all begins anew when "
      + "the sessions from before have certainly ended")

  /// The store was put back from a backup: what it names now looks older than what is known, and is all
  /// that counts (lease.md §2.14).
  ///
  /// What it has forgotten may still be held by nodes that have not noticed. They renew nothing in a store
  /// that does not know them, and are silent by their deadlines: nobody claims anything before.
  mutating func beginAnew(at now: Instant) {
    restoration = Self.restorationFailure
    errors[Self.restorationFailure.kind, default: 0] += 1
    quietUntil = now + (timing?.timeToLive ?? .zero)
    restoredAt = now
    if case .open(let id) = phase { lose(session: id, because: .sessionGone, at: now) }
    if case .waiting = phase { phase = .closed }
    sessions = [:]
    holders.removeAll()
    ended = [:]
    disbelieved = [:]
    preferences = [:]
    abstinences = [:]
    refusals = [:]
  }
}
