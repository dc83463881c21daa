package import Lease
internal import Synchronization
package import Time
package import Wire

/// A lease store in memory, with TTL, for tests: what several nodes' `MemoryStoreClient`s share.
///
/// It keeps the promises of `LeaseStore` and no others, on the clock it is given.
package final class MemoryStore: Sendable {
  struct Session {
    var node: String
    var timeToLive: Duration
    var expiresAt: Instant
  }

  struct State {
    var sessions: [SessionID: Session] = [:]
    var claims: [IPAddress: Holder] = [:]
    var preferences: [IPAddress: (node: String, author: SessionID)] = [:]
    var revision: UInt64 = 0
    var watchers: [AsyncStream<[StoreChange]>.Continuation] = []
    var calls: [String] = []

    mutating func tell(_ changes: [StoreChange]) {
      for watcher in watchers { watcher.yield(changes) }
    }

    mutating func endPreference(for address: IPAddress) {
      guard preferences.removeValue(forKey: address) != nil else { return }
      tell([.preferred(address, node: nil)])
    }

    /// Ends a session and frees its claims, claims first: readers must not depend on the order.
    mutating func end(_ id: SessionID) {
      guard sessions.removeValue(forKey: id) != nil else { return }
      let freed = claims.filter { $0.value.session == id }
      for address in freed.keys { claims[address] = nil }
      for (address, preference) in preferences where preference.author == id {
        endPreference(for: address)
      }
      tell(
        freed.sorted { $0.key < $1.key }.map { .freed($0.key, $0.value.epoch) } + [
          .sessionEnded(id)
        ])
    }
  }

  let state = Mutex(State())
  private let now: @Sendable () -> Instant

  package init(now: @escaping @Sendable () -> Instant) {
    self.now = now
  }

  /// Who holds an address, after what has expired is gone.
  package func holder(of address: IPAddress) -> Holder? { access { $0.claims[address] } }

  package var sessions: [SessionDescription] {
    access { state in state.sessions.map { SessionDescription(id: $0.key, node: $0.value.node) } }
  }

  /// The calls that reached the store, by name.
  package var calls: [String] { access { $0.calls } }

  /// Ends sessions whose TTL has passed. Time passes only in calls; tests that wait for an expiry
  /// call this.
  package func expire() { access { _ in } }

  /// What an operator does: ends a session, deletes a claim, writes another over it.
  package func revoke(_ session: SessionID) { access { $0.end(session) } }

  package func deleteClaim(_ address: IPAddress) {
    access { state in
      guard let holder = state.claims.removeValue(forKey: address) else { return }
      state.tell([.freed(address, holder.epoch)])
    }
  }

  package func overwriteClaim(_ address: IPAddress, node: String, silently: Bool = false) {
    access { state in
      state.revision += 1
      let holder = Holder(node: node, session: SessionID("foreign"), epoch: Epoch(state.revision))
      state.claims[address] = holder
      if !silently { state.tell([.claimed(address, holder)]) }
    }
  }

  func access<Result>(_ body: (inout State) -> sending Result) -> sending Result {
    let now = now()
    return state.withLock { state in
      for (id, session) in state.sessions where session.expiresAt <= now { state.end(id) }
      return body(&state)
    }
  }

  func expiry(after timeToLive: Duration) -> Instant { now() + timeToLive }
}
