internal import Lease
internal import Synchronization

/// The leases that this process has been granted and not yet given back.
final class EtcdSessions: Sendable {
  struct Own: Sendable {
    let node: String
    /// Seconds that were granted.
    let timeToLive: Int64
  }

  private struct State {
    var open: [Int64: Own] = [:]
    /// Granted, but whether a session came of it is not known, or the revocation failed.
    var orphans: Set<Int64> = []
  }
  private let state = Mutex(State())

  subscript(lease: Int64) -> Own? { state.withLock { $0.open[lease] } }

  /// Whether keys with this lease are ours.
  func isOwn(_ lease: Int64) -> Bool { lease != 0 && self[lease] != nil }

  func isOrphan(_ lease: Int64) -> Bool { state.withLock { $0.orphans.contains(lease) } }

  var orphans: [Int64] { state.withLock { Array($0.orphans) } }

  func granted(_ lease: Int64) { _ = state.withLock { $0.orphans.insert(lease) } }

  func opened(_ lease: Int64, _ own: Own) {
    state.withLock { state in
      state.orphans.remove(lease)
      state.open[lease] = own
    }
  }

  func revoked(_ lease: Int64) {
    state.withLock { state in
      state.orphans.remove(lease)
      state.open[lease] = nil
    }
  }
}
