internal import Synchronization
package import Time
package import Wire

/// Runs an `Election` on a store: reads the clock, makes the calls, publishes what comes of it.
///
/// One task owns the election; calls run beside it as its children, so that a store that hangs in one
/// never delays a renewal. It ends with `shutDown()` or when its task is cancelled (then the session is
/// left to its TTL, or to the kernel).
package final class LeaseDriver: Sendable {
  private enum Input: Sendable {
    case compete(Set<IPAddress>)
    case handOver(IPAddress, to: String?)
    case giveUp(Set<IPAddress>)
    case hear(IPAddress)
    case asked
    case verify
    case confirmOwnership
    case shutDown
    case changes([StoreChange])
    case outcome(Outcome, Call)
    case progress(Call)
    case tick(Instant)
  }

  private enum Stage { case new, running, ended }

  /// Whole views, the newest only; they end with the driver. One consumer.
  package let views = LeaseViews()

  private let store: any LeaseStore
  private let gate: (any LeaseGate)?
  private let initial: Election
  private let now: @Sendable () -> Instant
  private let sleep: @Sendable (Duration) async throws -> Void
  private let inputs: AsyncStream<Input>
  private let send: AsyncStream<Input>.Continuation
  private let ended: AsyncStream<Never>
  private let end: AsyncStream<Never>.Continuation
  private let stage = Mutex(Stage.new)

  /// - Parameters:
  ///   - node: this node's name, unique in the cluster.
  ///   - timing: nil for a store without TTL.
  ///   - gate: what frames pass. It is moved before the view that moves it is published.
  ///   - now: reads the boot clock.
  ///   - sleep: sleeps on the boot clock, or throws when its task is cancelled.
  package init(
    store: some LeaseStore, node: String, timing: LeaseTiming?,
    limits: LeaseLimits = LeaseLimits(), policy: ElectionPolicy = ElectionPolicy(),
    gate: (any LeaseGate)? = nil, now: @escaping @Sendable () -> Instant,
    sleep: @escaping @Sendable (Duration) async throws -> Void = {
      // ContinuousClock is CLOCK_BOOTTIME on Linux.
      try await Task.sleep(for: $0, tolerance: .zero, clock: .continuous)
    }
  ) {
    self.store = store
    self.gate = gate
    self.now = now
    self.sleep = sleep
    initial = Election(node: node, timing: timing, limits: limits, policy: policy)
    (inputs, send) = AsyncStream.makeStream()
    (ended, end) = AsyncStream.makeStream()
  }

  /// The addresses this node wants and can serve. Addresses left out are released: the caller has
  /// shut the gate for them before (lease.md §2.4). Returns at once.
  package func compete(for addresses: Set<IPAddress>) {
    send.yield(.compete(addresses))
  }

  /// Hands an address that is held to `node`, or to whoever the ranking puts first; the view tells what
  /// comes of it.
  package func handOver(_ address: IPAddress, to node: String?) {
    send.yield(.handOver(address, to: node))
  }

  /// The gate is shut for these addresses of the view's `yielding`, and no frame is on its way.
  package func giveUp(_ addresses: Set<IPAddress>) {
    send.yield(.giveUp(addresses))
  }

  /// Another station asserts an address of the view's `heldWithoutLease`.
  package func hear(_ address: IPAddress) {
    send.yield(.hear(address))
  }

  /// The LAN was asked who else has what the view's `heldWithoutLease` names: without such questions its gate shuts after
  /// a second (lease.md §2.10.3).
  package func noteAsked() {
    send.yield(.asked)
  }

  /// Reads the store without shutting the gate; `confirmedAt` of a later view tells that it was done.
  package func verify() {
    send.yield(.verify)
  }

  /// Reads everything in the store for people who ask. Runs in the caller's task: the election neither
  /// waits for it nor hears of it.
  package func survey(within: Duration) async throws(StoreFailure) -> StoreSurvey {
    try await store.survey(within: within)
  }

  /// Ownership may have passed unnoticed: shuts the gate until the store has been read. For whoever
  /// notices that a clock jumped or a thread stalled (lease.md §2.6); the driver notices its own.
  package func confirmOwnership() {
    send.yield(.confirmOwnership)
  }

  /// Releases every claim and ends the session; returns when `run()` has ended. The caller has
  /// silenced the responder before. Bounded by the store's time-outs: a store that does not answer is
  /// left to its TTL.
  package func shutDown() async {
    let wasRunning = stage.withLock { stage in
      if stage == .new { stage = .ended }
      return stage == .running
    }
    guard wasRunning else { return }
    send.yield(.shutDown)
    for await _ in ended {}
  }

  /// Takes part in the election until `shutDown()` or cancellation. Call it once.
  package func run() async {
    let isFirst = stage.withLock { stage in
      guard stage == .new else { return false }
      stage = .running
      return true
    }
    guard isFirst else { return }
    await withDiscardingTaskGroup { group in
      let store = store
      let send = send
      group.addTask {
        for await changes in store.changes { send.yield(.changes(changes)) }
      }
      await drive(in: &group)
      group.cancelAll()
    }
    stage.withLock { $0 = .ended }
    views.finish()
    end.finish()
  }

  private func drive(in group: inout DiscardingTaskGroup) async {
    var election = initial
    var published = LeaseView.initial
    var isPublished = false
    // Ticks that were asked for earlier come, and do no harm: the election knows what time it is.
    var tick: Instant?
    send.yield(.tick(.distantPast))
    for await input in inputs {
      let now = now()
      switch input {
      case .compete(let addresses): election.compete(for: addresses, at: now)
      case .handOver(let address, let node): election.handOver(address, to: node, at: now)
      case .giveUp(let addresses): election.giveUp(addresses, at: now)
      case .hear(let address): election.hear(address, at: now)
      case .asked: election.noteAsked(at: now)
      case .verify: election.verify(at: now)
      case .confirmOwnership: election.confirmOwnership(at: now)
      case .shutDown: election.shutDown(at: now)
      case .changes(let changes): election.update(changes, at: now)
      case .outcome(let outcome, let call): election.report(outcome, of: call, at: now)
      case .progress(let call): election.noteProgress(of: call, at: now)
      case .tick(let due): if tick == due { tick = nil }
      }
      let goesOn = follow(&election, tick: &tick, in: &group)
      let changed = election.takeChanged()
      var view = election.view
      view.revision = published.revision
      view.changed = published.changed
      if !changed.isEmpty || view != published || !isPublished {
        view.changed = isPublished ? changed : nil
        isPublished = true
        if let change = view.follow(published) { gate?.apply(change) }
        published = view
        views.publish(view)
      }
      guard goesOn else { return }
    }
  }

  /// Takes steps until there is nothing to do but wait; false when there is nothing more at all.
  private func follow(
    _ election: inout Election, tick: inout Instant?, in group: inout DiscardingTaskGroup
  ) -> Bool {
    while true {
      switch election.next(at: now()) {
      case .finished: return false
      case .call(let call):
        let (store, send) = (store, send)
        group.addTask {
          let outcome = await store.perform(call) { send.yield(.progress(call)) }
          send.yield(.outcome(outcome, call))
        }
      case .wait(.distantFuture): return true
      case .wait(let due):
        if let tick, tick <= due { return true }
        tick = due
        let delay = max(due - now(), .zero)
        let (sleep, send) = (sleep, send)
        group.addTask {
          do {
            try await sleep(delay)
            send.yield(.tick(due))
          } catch {}  // Cancelled: nobody waits any more.
        }
        return true
      }
    }
  }
}

extension LeaseStore {
  /// Makes one call and says what became of it.
  fileprivate func perform(
    _ call: Call, progress: @escaping @Sendable () -> Void
  ) async -> Outcome {
    do throws(StoreFailure) {
      switch call.request {
      case .open(let node, let timeToLive):
        return .opening(try await open(node: node, timeToLive: timeToLive, within: call.within))
      case .renew(let session):
        return .renewal(try await renew(session, within: call.within))
      case .confirmOwnership:
        return .picture(try await read(within: call.within, progress: progress))
      case .acquire(let addresses, let session):
        return .acquisition(try await acquire(addresses, for: session, within: call.within))
      case .release(let claims, let session):
        try await release(claims, of: session, within: call.within)
        return .done
      case .prefer(let preferences, let session):
        try await prefer(preferences, by: session, within: call.within)
        return .done
      case .close(let session):
        try await close(session, within: call.within)
        return .done
      }
    } catch {
      return .failed(error)
    }
  }
}
