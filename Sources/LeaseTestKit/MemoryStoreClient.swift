package import Lease
internal import Synchronization
internal import Time
package import Wire

/// One node's connection to a `MemoryStore`, with faults to switch on.
package final class MemoryStoreClient: LeaseStore {
  /// What goes wrong on the way.
  package struct Faults: Sendable {
    /// Requests do not arrive.
    package var losesRequests = false
    /// Requests take effect, answers do not arrive.
    package var losesAnswers = false
    /// Answers wait until this is switched off.
    package var holdsAnswers = false
    /// The watch is silent.
    package var isDeaf = false

    package init() {}
  }

  package let changes: AsyncStream<[StoreChange]>
  package let place = "memory"
  private let store: MemoryStore
  private let tell: AsyncStream<[StoreChange]>.Continuation
  private let watch: AsyncStream<[StoreChange]>.Continuation
  private let faults = Mutex(Faults())
  private let pump: Task<Void, Never>

  package init(_ store: MemoryStore) {
    self.store = store
    (changes, tell) = AsyncStream.makeStream()
    let (incoming, watch) = AsyncStream<[StoreChange]>.makeStream()
    self.watch = watch
    store.state.withLock { $0.watchers.append(watch) }
    let deafness = Deafness()
    self.deafness = deafness
    pump = Task { [tell] in
      for await changes in incoming where !deafness.isDeaf { tell.yield(changes) }
    }
  }

  private let deafness: Deafness

  private final class Deafness: Sendable {
    private let value = Mutex(false)
    var isDeaf: Bool {
      get { value.withLock { $0 } }
      set { value.withLock { $0 = newValue } }
    }
  }

  deinit {
    watch.finish()
    tell.finish()
    pump.cancel()
  }

  /// Switches faults on and off; a watch that hears again says that it missed something.
  package func set(_ change: (inout Faults) -> Void) {
    let (before, after) = faults.withLock { faults in
      let before = faults
      change(&faults)
      return (before, faults)
    }
    deafness.isDeaf = after.isDeaf
    if before.isDeaf && !after.isDeaf { tell.yield([.missed]) }
  }

  package func open(
    node: String, timeToLive: Duration?, within: Duration
  ) async throws(StoreFailure) -> SessionOpening {
    let (store, expiry) = (store, store.expiry(after: timeToLive ?? .seconds(1_000_000)))
    return try await call("open", within: within) {
      store.access { state in
        if let other = state.sessions.first(where: { $0.value.node == node }) {
          return .nameTaken(by: SessionDescription(id: other.key, node: node))
        }
        let id = SessionID.random()
        state.sessions[id] = MemoryStore.Session(
          node: node, timeToLive: timeToLive ?? .seconds(1_000_000), expiresAt: expiry)
        state.tell([.sessionOpened(SessionDescription(id: id, node: node))])
        return .opened(id, granted: timeToLive)
      }
    }
  }

  package func renew(
    _ session: SessionID, within: Duration
  ) async throws(StoreFailure) -> Renewal {
    let store = store
    return try await call("renew", within: within) {
      store.access { state in
        guard let timeToLive = state.sessions[session]?.timeToLive else { return .sessionGone }
        state.sessions[session]?.expiresAt = store.expiry(after: timeToLive)
        return .renewed
      }
    }
  }

  package func read(within: Duration) async throws(StoreFailure) -> StorePicture {
    let store = store
    return try await call("read", within: within) {
      store.access { state in
        StorePicture(
          sessions: state.sessions.map { SessionDescription(id: $0.key, node: $0.value.node) },
          claims: state.claims, preferences: state.preferences.mapValues(\.node))
      }
    }
  }

  package func survey(within: Duration) async throws(StoreFailure) -> StoreSurvey {
    let store = store
    return try await call("survey", within: within) {
      let now = store.expiry(after: .zero)
      return store.access { state in
        StoreSurvey(
          sessions: state.sessions.map { id, session in
            SurveyedSession(
              id: id, node: session.node, timeToLive: session.timeToLive,
              endsWithin: session.expiresAt - now)
          },
          claims: state.claims.mapValues { holder in
            SurveyedClaim(
              holder: holder,
              defect: state.sessions[holder.session] == nil ? "somebody wrote over it" : nil)
          },
          preferences: state.preferences.mapValues(\.node))
      }
    }
  }

  package func acquire(
    _ addresses: [IPAddress], for session: SessionID, within: Duration
  ) async throws(StoreFailure) -> [IPAddress: AcquireAnswer] {
    let store = store
    return try await call("acquire", within: within) {
      store.access { state in
        guard let node = state.sessions[session]?.node else { return [:] }
        var answers: [IPAddress: AcquireAnswer] = [:]
        var news: [StoreChange] = []
        for address in addresses {
          if let holder = state.claims[address] {
            answers[address] =
              holder.session == session ? .acquired(holder.epoch) : .heldBy(holder)
            continue
          }
          state.revision += 1
          let holder = Holder(node: node, session: session, epoch: Epoch(state.revision))
          state.claims[address] = holder
          answers[address] = .acquired(holder.epoch)
          news.append(.claimed(address, holder))
          state.endPreference(for: address)
        }
        state.tell(news)
        return answers
      }
    }
  }

  package func release(
    _ claims: [ClaimReference], of session: SessionID, within: Duration
  ) async throws(StoreFailure) {
    let store = store
    try await call("release", within: within) {
      store.access { state in
        for claim in claims {
          guard let holder = state.claims[claim.address], holder.session == session,
            claim.epoch ?? holder.epoch == holder.epoch
          else { continue }
          state.claims[claim.address] = nil
          state.tell([.freed(claim.address, holder.epoch)])
        }
      }
    }
  }

  package func prefer(
    _ preferences: [Preference], by session: SessionID, within: Duration
  ) async throws(StoreFailure) {
    let store = store
    try await call("prefer", within: within) {
      store.access { state in
        guard state.sessions[session] != nil else { return }
        for preference in preferences {
          let author = state.preferences[preference.address]?.author
          guard author == nil || author == session else { continue }
          guard let node = preference.node else {
            state.endPreference(for: preference.address)
            continue
          }
          state.preferences[preference.address] = (node, session)
          state.tell([.preferred(preference.address, node: node)])
        }
      }
    }
  }

  package func close(_ session: SessionID, within: Duration) async throws(StoreFailure) {
    let store = store
    try await call("close", within: within) { store.access { $0.end(session) } }
  }

  /// One round trip through the faults.
  private func call<Value: Sendable>(
    _ name: String, within: Duration, _ body: @Sendable () -> Value
  ) async throws(StoreFailure) -> Value {
    let failure = StoreFailure(.timedOut, "\(name): no answer")
    if faults.withLock({ $0.losesRequests }) { throw failure }
    store.access { $0.calls.append(name) }
    let value = body()
    while faults.withLock({ $0.holdsAnswers }) {
      // An answer on its way; the caller's own time limit is the election's to keep.
      guard (try? await Task.sleep(for: .milliseconds(1))) != nil else { throw failure }
    }
    if faults.withLock({ $0.losesAnswers }) { throw failure }
    return value
  }
}
