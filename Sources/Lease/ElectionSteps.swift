package import Time
internal import Wire

extension Election {
  /// The next thing to do. Ask again until it says `wait` or `finished`; `now` is read before the
  /// call that this returns is written to the store.
  package mutating func next(at now: Instant) -> Step {
    noticeStall(at: now)
    expireCalls(at: now)
    beat = now
    checkDeadline(at: now)
    rebalance(at: now)
    if let (request, within) = nextRequest(at: now) {
      lastNumber += 1
      let call = Call(number: lastNumber, request: request, sentAt: now, within: within)
      inFlight[call.number] = call
      promisedWake = nil
      return .call(call)
    }
    if case .finished = phase { return .finished }
    let wake = max(min(nextWake(), nextBeat(after: now)), now)
    promisedWake = wake
    return .wait(until: wake)
  }

  /// A loop that wakes much too late has not watched the store meanwhile. Whatever it hears first after a
  /// stall, it knows of the stall before.
  mutating func noticeStall(at now: Instant) {
    guard let timing, let promisedWake, now - promisedWake > timing.stallLimit else { return }
    self.promisedWake = nil
    confirmOwnership(at: now)
  }

  /// A store that does not answer in the time it was given has failed; its answer may still come.
  private mutating func expireCalls(at now: Instant) {
    let overdue = inFlight.values.filter { now >= $0.progressAt + $0.within }
    for call in overdue.sorted(by: { $0.number < $1.number }) {
      let failure = StoreFailure(.timedOut, "no answer from the lease store in \(call.within)")
      report(.failed(failure), of: call, at: now)
    }
  }

  /// Past the deadline another may hold what we held: everything is lost, whatever comes later.
  mutating func checkDeadline(at now: Instant) {
    guard case .open(let id) = phase, now >= deadline, !isHolding else { return }
    if policy.holds, !held.isEmpty, !isShuttingDown { return startHolding(at: now) }
    lose(session: id, because: .deadlinePassed, at: now)
  }

  private mutating func nextRequest(at now: Instant) -> (Call.Request, within: Duration)? {
    let patience = timing?.callTimeout ?? .seconds(5)
    if now >= pausedUntil, let orphan = orphans.popLast() { return (.close(orphan), patience) }
    switch phase {
    case .finished: return nil
    case .closed, .waiting:
      guard !isInFlight(\.isOpen) else { return nil }
      if isShuttingDown {
        guard !isInFlight(\.isClose) else { return nil }
        phase = .finished
        return nil
      }
      guard now >= max(openAt, quietUntil) else { return nil }
      return (.open(node: node, timeToLive: configuredTiming?.timeToLive), patience)
    case .ending(let id, let closeAt):
      guard now >= closeAt, !isInFlight(\.isClose) else { return nil }
      return (.close(id), patience)
    case .open(let id):
      if let timing, now >= renewAt, !isRenewing {
        return (.renew(id), timing.attemptTimeout)
      }
      guard now >= pausedUntil else { return nil }
      if let readAt, now >= readAt, !isInFlight(\.isRead) {
        self.readAt = nil
        endedSinceRead = []
        openedSinceRead = []
        claimedSinceRead = []
        preferredSinceRead = []
        return (.confirmOwnership, patience)
      }
      if let request = nextRelease(of: id, at: now) ?? nextAcquisition(for: id, at: now) {
        return (request, patience)
      }
      if !preferencesToWrite.isEmpty, !isInFlight(\.isPreferring) {
        return (.prefer(takePreferences(), id), patience)
      }
      return nil
    }
  }

  private mutating func nextRelease(of id: SessionID, at now: Instant) -> Call.Request? {
    guard canRelease else { return nil }
    let addresses = releaseQueue.take(dueAt: now, limit: limits.batch)
    return addresses.isEmpty ? nil : .release(addresses.compactMap { toRelease[$0] }, id)
  }

  private var canRelease: Bool { count(\.isRelease) < limits.window }

  private mutating func nextAcquisition(for id: SessionID, at now: Instant) -> Call.Request? {
    guard canAcquire else { return nil }
    let addresses = takeDue(at: now)
    guard !addresses.isEmpty else { return nil }
    acquiring.formUnion(addresses)
    return .acquire(addresses, id)
  }

  private var canAcquire: Bool {
    isSynced && confirmSince == nil && !isHolding && count(\.isAcquisition) < limits.window
  }

  /// The earliest instant at which something falls due by itself.
  private mutating func nextWake() -> Instant {
    var wake = inFlight.values.map { $0.progressAt + $0.within }.min() ?? .distantFuture
    if !orphans.isEmpty { wake = min(wake, pausedUntil) }
    switch phase {
    case .finished: break
    case .closed, .waiting:
      if !isInFlight(\.isOpen), !isShuttingDown { wake = min(wake, max(openAt, quietUntil)) }
    case .ending(_, let closeAt):
      if !isInFlight(\.isClose) { wake = min(wake, closeAt) }
    case .open:
      if !isHolding { wake = min(wake, deadline) }
      if timing != nil, !isRenewing { wake = min(wake, renewAt) }
      if let readAt, !isInFlight(\.isRead) { wake = min(wake, max(readAt, pausedUntil)) }
      if canRelease, let due = releaseQueue.firstDue() { wake = min(wake, max(due, pausedUntil)) }
      if canAcquire, let due = queue.firstDue() { wake = min(wake, max(due, pausedUntil)) }
      if canAcquire, let due = exhaustion.dueAt { wake = min(wake, max(due, pausedUntil)) }
      if !preferencesToWrite.isEmpty, !isInFlight(\.isPreferring) { wake = min(wake, pausedUntil) }
      wake = min(wake, rebalanceAt)
    }
    return wake
  }

  /// A renewal is under way that counts: from before a doubt arose it does not.
  private var isRenewing: Bool {
    inFlight.values.contains {
      $0.request.isRenewal && $0.sentAt >= doubtedAt
    }
  }

  private func isInFlight(_ kind: KeyPath<Call.Request, Bool>) -> Bool { count(kind) > 0 }

  private func count(_ kind: KeyPath<Call.Request, Bool>) -> Int {
    inFlight.values.reduce(0) { $0 + ($1.request[keyPath: kind] ? 1 : 0) }
  }
}

extension Call.Request {
  fileprivate var isOpen: Bool { if case .open = self { true } else { false } }
  fileprivate var isRenewal: Bool { if case .renew = self { true } else { false } }
  fileprivate var isRead: Bool { if case .confirmOwnership = self { true } else { false } }
  fileprivate var isAcquisition: Bool { if case .acquire = self { true } else { false } }
  fileprivate var isPreferring: Bool { if case .prefer = self { true } else { false } }
  fileprivate var isRelease: Bool { if case .release = self { true } else { false } }
  fileprivate var isClose: Bool { if case .close = self { true } else { false } }
}
