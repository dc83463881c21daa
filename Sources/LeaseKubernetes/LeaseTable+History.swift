internal import Lease
internal import Time

/// What to do when the store is no longer the one that it was (lease.md §5.8).
///
/// Versions never go back, unless the store under the API server is put back from a backup. From then on
/// whatever happens has versions that look old, sessions and claims are those of the backup, and every
/// process that went by what it knew would be alone with it: two could hold one address. Each process
/// notices by its own session's next renewal at the latest.
extension LeaseTable {
  /// What was known when a call was made.
  struct Mark: Hashable, Sendable {
    let history: UInt64
    /// The version of the Lease that the call is about; 0 for none.
    let version: UInt64
    let delivered: UInt64
  }

  func mark(of name: String = "") -> Mark {
    let versions = [
      nodes[name]?.version, LeaseNames.address(of: name).flatMap { claims[$0]?.version },
      tombstones[name]?.version,
    ]
    return Mark(
      history: history, version: versions.compactMap(\.self).max() ?? 0, delivered: delivered)
  }

  /// Takes over the answer to a call about one Lease.
  ///
  /// - Parameters:
  ///   - mark: from before the call.
  ///   - isWrite: whether it changed the Lease, or left it as it was.
  /// - Returns: false where the server's history has gone back since the call was made, or by what its
  ///   answer shows.
  mutating func take(
    answer record: LeaseRecord, since mark: Mark, isWrite: Bool, at instant: Instant
  ) -> Bool {
    guard mark.history == history else { return false }
    // What is written now comes after all that has been told; what is read now is as new as what is known.
    let isPast =
      record.version < mark.version
      || isWrite && record.version != mark.version && record.version <= mark.delivered
    if isPast {
      beginNewHistory(at: instant)
      return false
    }
    apply(answer: record, at: instant)
    return true
  }

  /// Takes over a consistent list that was asked for after `mark`; false where it is of a former history.
  mutating func take(
    list records: [LeaseRecord], version: UInt64, since mark: Mark, at instant: Instant
  ) -> Bool {
    guard mark.history == history else { return false }
    if version < mark.delivered { beginNewHistory(at: instant) }
    replace(records, version: version, at: instant)
    return true
  }

  /// Takes over a list of which the watch says that it is older than what it had told; the answer to a
  /// call may have shown it before.
  mutating func take(
    restored records: [LeaseRecord], version: UInt64, at instant: Instant
  ) {
    if version < delivered { beginNewHistory(at: instant) }
    replace(records, version: version, at: instant)
  }

  /// Forgets everything but our own sessions, which are over.
  private mutating func beginNewHistory(at instant: Instant) {
    pass(to: instant)
    for id in own { end(id) }
    sessions = sessions.filter { isOwn($0.key) }.mapValues { session in
      var session = session
      session.claims = []
      return session
    }
    (nodes, claims, quarantined) = ([:], [:], [])
    (wishers, youngest, tombstones) = ([:], [:], [:])
    (horizon, delivered) = (0, 0)
    history += 1
    tellRestored()
  }

  static let historyTrouble = StoreFailure(
    .unavailable,
    "the API server's history has gone back, as when its store is put back from a backup")
}
