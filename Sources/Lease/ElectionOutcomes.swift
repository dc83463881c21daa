internal import Metrics
package import Time
internal import Wire

extension Election {
  /// What retries wait at first, and at most: owners again within 3 s after a store returns.
  static let shortestPause = Duration.milliseconds(100)
  static let longestPause = Duration.seconds(1)
  /// What one address waits that the store cannot claim while it claims others.
  static let addressPause = Duration.seconds(2)
  /// When everything is read again after an address whose holder the store could not name.
  static let unknownHolderPause = Duration.seconds(1)

  /// What became of a call that `next(at:)` gave out; also the late answer of one that was given up.
  package mutating func report(_ outcome: Outcome, of call: Call, at now: Instant) {
    noticeStall(at: now)
    checkDeadline(at: now)
    let isAwaited = inFlight.removeValue(forKey: call.number) != nil
    if case .failed(let failure) = outcome {
      if isAwaited { noteFailure(failure, of: call, at: now) }
      return
    }
    switch (call.request, outcome) {
    case (.open, .opening(let opening)):
      noteOpening(opening, of: call, isAwaited: isAwaited, at: now)
    case (.renew(let id), .renewal(let renewal)):
      // Good news of an attempt given up is good news still: it counts from its own send.
      noteRenewal(renewal, of: id, sentAt: call.sentAt, at: now)
    case (.confirmOwnership, .picture(let picture)) where isAwaited:
      succeed()
      notePicture(picture, sentAt: call.sentAt, at: now)
    case (.acquire(_, let id), .acquisition(let answers)) where isAwaited && isOpen(id):
      succeed()
      noteAnswers(answers, of: call, at: now)
    case (.release(let claims, let id), .done) where isAwaited && isOpen(id):
      succeed()
      for claim in claims { noteReleased(claim, at: now) }
    case (.prefer(let preferences, let id), .done) where isAwaited && isOpen(id):
      succeed()
      notePreferred(preferences)
    case (.close(let id), .done):
      succeed()
      noteClosed(id, at: now)
    default: break
    }
  }

  /// A call that takes long gets on: a page of many has come. It may take its time once more.
  package mutating func noteProgress(of call: Call, at now: Instant) {
    noticeStall(at: now)
    inFlight[call.number]?.progressAt = now
  }

  func isOpen(_ id: SessionID) -> Bool { phase == .open(id) }

  private mutating func succeed() {
    callFailure = nil
    pause = .zero
    pausedUntil = .distantPast
  }

  private mutating func noteOpening(
    _ opening: SessionOpening, of call: Call, isAwaited: Bool, at now: Instant
  ) {
    switch opening {
    case .nameTaken(let other):
      guard isAwaited else { return }
      succeed()
      phase = .waiting(other)
      // Its end wakes us; this is for the case that the news gets lost.
      openAt = now + (configuredTiming?.renewalInterval ?? .seconds(30))
    case .opened(let id, let granted):
      guard isAwaited, !isShuttingDown, call.sentAt >= restoredAt else { return orphans.append(id) }
      guard let configuredTiming else { return begin(id, deadline: .distantFuture, at: now) }
      do throws(LeaseTimingError) {
        let inForce = try configuredTiming.granted(granted ?? configuredTiming.timeToLive)
        timing = inForce
        renewAt = call.sentAt + inForce.renewalInterval
        renewedAt = call.sentAt
        begin(id, deadline: call.sentAt + inForce.hold, at: now)
        guard call.sentAt < doubtedAt, isOpen(id) else { return }
        // Asked for before the doubt arose: the deadline may lie beyond the session's end.
        confirmSince = doubtedAt
        renewAt = now
      } catch {
        orphans.append(id)
        noteFailure(StoreFailure(.misconfigured, "the store granted \(error)"), of: call, at: now)
      }
    }
  }

  private mutating func begin(_ id: SessionID, deadline: Instant, at now: Instant) {
    succeed()
    restoration = nil
    phase = .open(id)
    self.deadline = deadline
    isUncertain = false
    isSynced = false
    confirmSince = nil
    readAt = now
    checkDeadline(at: now)
  }

  private mutating func noteRenewal(
    _ renewal: Renewal, of id: SessionID, sentAt: Instant, at now: Instant
  ) {
    guard isOpen(id), let timing else { return }
    switch renewal {
    case .renewed:
      let extended = sentAt + timing.hold
      guard extended > deadline else { return }
      deadline = extended
      renewedAt = sentAt
      heardAt = max(heardAt, sentAt)
      renewAt = sentAt < doubtedAt ? now : sentAt + timing.renewalInterval
      settleConfirmation()
      isUncertain = false
      lastRenewal = now - sentAt
      renewalTimes.observe(Double((now - sentAt).nanoseconds) / 1e9)
      callFailure = nil
      // The store is back: what does it say of what was held without it?
      if isHolding { readAt = now }
    case .sessionGone: lose(session: id, because: .sessionGone, at: now)
    }
  }

  /// Opens the gate again once the store has said, after the doubt arose, what is ours and that the
  /// session lasts.
  mutating func settleConfirmation() {
    guard let since = confirmSince, confirmedAt >= since else { return }
    if timing == nil || renewedAt >= since { confirmSince = nil }
  }

  private mutating func noteAnswers(
    _ answers: [IPAddress: AcquireAnswer], of call: Call, at now: Instant
  ) {
    guard case .acquire(let addresses, _) = call.request else { return }
    var exhausted: [IPAddress] = []
    for address in addresses {
      acquiring.remove(address)
      failures[address] = nil
      let isContradicted = contradicted.remove(address) != nil
      switch answers[address] {
      case .acquired where isContradicted:
        // The answer is about before the read, or the read about before the claim: the store knows.
        doubtful.insert(address)
        if holders[address] != nil { readAt = now }
        retry(address, at: now)
      case .acquired(let epoch): gain(address, epoch: epoch, at: now)
      case .heldBy(let holder):
        doubtful.remove(address)
        noteClaim(of: address, by: holder, at: now)
        if holders[address] == nil,
          disbelieved.updateValue(holder.epoch, forKey: address) == holder.epoch
        {
          // Once the news of its end may have overtaken the answer. Who is told so again waits.
          retry(address, at: now + Self.shortestPause)
        } else {
          consider(address, at: now)
        }
        // The news of its end may have overtaken this answer: a read that was sent later did not say so, or
        // no epoch tells.
        if isContradicted {
          readAt = now
        } else if holder.epoch == .unknown {
          readAt = readAt ?? now + Self.unknownHolderPause
        }
      case .failed(let failure):
        if wanted.contains(address), holders[address] == nil { failures[address] = failure }
        if failure.kind == .exhausted, wanted.contains(address), holders[address] == nil,
          toRelease[address] == nil
        {
          exhausted.append(address)
          continue
        }
        retry(address, at: now + Self.addressPause)
      case nil:
        doubtful.insert(address)
        retry(address, at: now + Self.addressPause)
      }
    }
    if exhausted.isEmpty {
      if addresses.contains(where: { held[$0] != nil }) { exhaustion.noteRoom(at: now) }
    } else {
      exhaustion.note(exhausted, at: now)
    }
  }

  private mutating func gain(_ address: IPAddress, epoch: Epoch, at now: Instant) {
    doubtful.remove(address)
    disbelieved[address] = nil
    // The news of a younger claim has overtaken the answer.
    if let holder = holders[address], holder.epoch > epoch { return }
    holders[address] = nil
    wishes[address] = nil
    abstinences[address] = nil
    guard ended[address].map({ $0 < epoch }) ?? true else {
      // The news of its end has overtaken the answer.
      return retry(address, at: now)
    }
    guard wanted.contains(address) else {
      return giveBack(address, epoch: epoch, at: now)
    }
    losses[address] = nil
    held[address] = HeldClaim(epoch: epoch, since: now)
    if heldOver.removeValue(forKey: address) == nil { gained += 1 }
    rebalanceSomeTime(at: now)
  }

  /// Tries again later. What an unanswered acquisition may have taken of what nobody wants any more is
  /// looked up: a release of whatever there is could arrive late, and take a younger claim of ours.
  mutating func retry(_ address: IPAddress, at due: Instant) {
    if wanted.contains(address) {
      if holders[address] == nil && toRelease[address] == nil { queue.insert(address, due: due) }
    } else if doubtful.remove(address) != nil {
      readAt = min(readAt ?? due, due)
    }
  }

  /// Asks the store to take a claim back, again and again until it says that it has.
  mutating func giveBack(_ address: IPAddress, epoch: Epoch, at due: Instant) {
    toRelease[address] = ClaimReference(address: address, epoch: epoch)
    releaseQueue.insert(address, due: due)
  }

  mutating func noteReleased(_ claim: ClaimReference, at now: Instant) {
    guard toRelease[claim.address] == claim else { return }
    toRelease[claim.address] = nil
    consider(claim.address, at: now)
  }

  private mutating func noteFailure(_ failure: StoreFailure, of call: Call, at now: Instant) {
    callFailure = failure
    errors[failure.kind, default: 0] += 1
    if case .renew(let id) = call.request {
      guard isOpen(id), let timing else { return }
      isUncertain = true
      // At once after a time-out; not in a tight loop where the refusal comes at once.
      renewAt = max(now, call.sentAt + timing.attemptTimeout / 2)
      return
    }
    pause = min(max(pause * 2, Self.shortestPause), Self.longestPause)
    pausedUntil = now + pause
    switch call.request {
    case .open: openAt = pausedUntil
    case .confirmOwnership: readAt = readAt ?? pausedUntil
    case .acquire(let addresses, let id) where isOpen(id):
      for address in addresses {
        acquiring.remove(address)
        contradicted.remove(address)
        doubtful.insert(address)
        retry(address, at: pausedUntil)
      }
    case .release(let claims, let id) where isOpen(id):
      for claim in claims { releaseQueue.insert(claim.address, due: pausedUntil) }
    case .prefer(let preferences, let id) where isOpen(id): notePreferringFailed(preferences)
    case .close(let id): noteCloseFailed(id, retryAt: pausedUntil)
    default: break
    }
  }
}
