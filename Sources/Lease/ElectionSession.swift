internal import Time
internal import Wire

extension Election {
  /// What a store without TTL leaves the gate to shut in, before the session's claims are given up
  /// after an involuntary end.
  static let graceWithoutTiming = Duration.milliseconds(50)
  /// Attempts to close a session at shutdown before it is left to its TTL.
  static let closeAttempts = 3

  /// The session is over against our will: everything held is lost.
  mutating func lose(session id: SessionID, because reason: LossReason, at now: Instant) {
    if isHolding, reason == .sessionGone { holdOver() }
    lost += UInt64(held.count)
    for address in held.keys { losses[address] = reason }
    // Closing gives the claims to others. Where the deadline has not shut the gate, whoever reads the
    // view has to do so first (lease.md §2.4).
    let grace = timing?.gateToWire ?? Self.graceWithoutTiming
    let gateIsShut = now >= gateDeadline || held.isEmpty
    end(id, closeAt: gateIsShut ? now : now + grace)
  }

  /// Forgets everything that belonged to the session; late answers to its calls mean nothing.
  mutating func end(_ id: SessionID, closeAt: Instant) {
    phase = .ending(id, closeAt: closeAt)
    deadline = .distantPast
    renewAt = .distantFuture
    renewedAt = .distantPast
    isUncertain = false
    isSynced = false
    readAt = nil
    confirmSince = nil
    held.removeAll()
    isHolding = false
    preferences = [:]
    handOvers.removeAll()
    preferencesToWrite = [:]
    preferred = []
    wishes = [:]
    rebalanceAt = .distantFuture
    queue.removeAll()
    exhaustion.removeAll()
    candidacies = [:]
    acquiring = []
    contradicted = []
    doubtful = []
    toRelease = [:]
    releaseQueue.removeAll()
    inFlight = [:]
    failedCloses = 0
    promisedWake = nil
  }

  /// One claim of ours is gone.
  mutating func lose(_ address: IPAddress, because reason: LossReason) {
    guard held.removeValue(forKey: address) != nil else { return }
    handOvers[address] = nil
    losses[address] = reason
    lost += 1
  }

  mutating func noteClosed(_ id: SessionID, at now: Instant) {
    guard case .ending(id, _) = phase else { return }
    phase = isShuttingDown ? .finished : .closed
    timing = configuredTiming
    openAt = now
  }

  mutating func noteCloseFailed(_ id: SessionID, retryAt: Instant) {
    guard case .ending(id, _) = phase else {
      if !isShuttingDown { orphans.append(id) }
      return
    }
    failedCloses += 1
    // Left behind at shutdown, the session ends with its TTL.
    let givesUp = isShuttingDown && failedCloses >= Self.closeAttempts
    phase = givesUp ? .finished : .ending(id, closeAt: retryAt)
  }
}
