package import Time
internal import Wire

extension Election {
  /// News from the store's watch.
  package mutating func update(_ changes: [StoreChange], at now: Instant) {
    noticeStall(at: now)
    checkDeadline(at: now)
    var changes = changes[...]
    if let index = changes.lastIndex(of: .restored) {
      beginAnew(at: now)
      changes = changes[(index + 1)...]
    }
    // Sessions first: nobody shall wait for the rank of a dead node.
    for change in changes {
      switch change {
      case .sessionOpened(let session): noteSession(session, at: now)
      case .sessionEnded(let id): noteSessionEnded(id, at: now)
      default: break
      }
    }
    for change in changes {
      switch change {
      case .claimed(let address, let holder): noteClaim(of: address, by: holder, at: now)
      case .freed(let address, let epoch): noteFreed(address, epoch: epoch, at: now)
      case .missed:
        readAt = now
        if case .waiting = phase { openAt = now }
      case .trouble(let failure):
        trouble = failure
        if let failure { errors[failure.kind, default: 0] += 1 }
      case .preferred(let address, let node):
        preferredSinceRead.insert(address)
        notePreference(address, node: node, at: now)
      case .sessionOpened, .sessionEnded, .restored: break
      }
    }
  }

  /// Everything there was at some moment between `sentAt` and now.
  mutating func notePicture(_ picture: StorePicture, sentAt: Instant, at now: Instant) {
    guard case .open(let own) = phase else { return }
    guard picture.sessions.contains(where: { $0.id == own }) else {
      return lose(session: own, because: .sessionGone, at: now)
    }
    let live = picture.sessions.filter { $0.id != own && !endedSinceRead.contains($0.id) }
    let opened = sessions.filter { openedSinceRead.contains($0.key) }
    sessions = Dictionary(live.map { ($0.id, $0) }) { first, _ in first }
      .merging(opened) { first, _ in first }
    for (address, claim) in held.entries {
      if picture.claims[address]?.session == own, picture.claims[address]?.epoch == claim.epoch {
        continue
      }
      // Confirmed after this read was sent: the next one tells which of the two is older.
      guard claim.since <= sentAt else {
        readAt = now
        continue
      }
      let other = picture.claims[address]
      lose(
        address, because: other.map { $0.session == own ? .claimGone : .takenBy($0) } ?? .claimGone)
    }
    for address in holders.keys
    where picture.claims[address] == nil && !claimedSinceRead.contains(address) {
      holders[address] = nil
    }
    for (address, holder) in picture.claims { noteClaim(of: address, by: holder, at: now) }
    if isHolding, now < deadline, min(sentAt, renewedAt) >= doubtedAt { isHolding = false }
    let isFirst = !isSynced
    for call in inFlight.values where call.sentAt <= sentAt {
      guard case .acquire(let addresses, _) = call.request else { continue }
      for address in addresses where picture.claims[address]?.session != own {
        contradicted.insert(address)
      }
    }
    isSynced = true
    confirmedAt = sentAt
    heardAt = max(heardAt, sentAt)
    settleConfirmation()
    settleHeldOver(at: now)
    // What is free at first sight may be held by somebody who lost the store as well.
    let since = isFirst && policy.holds ? now + Self.returnGrace : now
    for address in wanted { consider(address, at: since) }
    for address in Set(preferences.keys).union(picture.preferences.keys)
    where !preferredSinceRead.contains(address) {
      notePreference(address, node: picture.preferences[address], at: now)
    }
    if isFirst { rebalanceLater(at: now) }
  }

  private mutating func noteSession(_ session: SessionDescription, at now: Instant) {
    guard !isOpen(session.id) else { return }
    openedSinceRead.insert(session.id)
    if case .waiting = phase, session.node == node { phase = .waiting(session) }
    if sessions.updateValue(session, forKey: session.id) == nil { rebalanceLater(at: now) }
  }

  private mutating func noteSessionEnded(_ id: SessionID, at now: Instant) {
    if isOpen(id) { return lose(session: id, because: .sessionGone, at: now) }
    endedSinceRead.insert(id)
    openedSinceRead.remove(id)
    if sessions[id] != nil {
      sessions[id] = nil
      rebalanceLater(at: now)
      reconsider(at: now)
    }
    if case .waiting(let other) = phase, other.id == id { openAt = now }
  }

  /// The store names a holder, us or another.
  mutating func noteClaim(of address: IPAddress, by holder: Holder, at now: Instant) {
    if let ended = ended[address], holder.epoch <= ended, holder.epoch != .unknown { return }
    if isOpen(holder.session) { return noteOwnClaim(of: address, epoch: holder.epoch, at: now) }
    if let claim = held[address] {
      guard holder.epoch > claim.epoch else { return }
      lose(address, because: .takenBy(holder))
    }
    if let known = holders[address], known.epoch > holder.epoch { return }
    if heldOver.removeValue(forKey: address) != nil {
      losses[address] = .takenBy(holder)
      lost += 1
    }
    holders[address] = holder
    // It is of an attempt before this claim, and there is none while another has the address.
    failures[address] = nil
    claimedSinceRead.insert(address)
    abstinences[address] = nil
    queue.remove(address)
    exhaustion.remove(address)
    rebalanceSomeTime(at: now)
  }

  /// A claim of ours that we do not know of: the answer to its acquisition got lost.
  private mutating func noteOwnClaim(of address: IPAddress, epoch: Epoch, at now: Instant) {
    // Whoever had it before has it no more; the news of that may have been missed.
    if let former = holders[address], former.epoch < epoch { holders[address] = nil }
    guard held[address] == nil, !acquiring.contains(address) else { return }
    if let pending = toRelease[address] {
      // A late acquisition took it again behind the release that is under way.
      if let released = pending.epoch, released < epoch { giveBack(address, epoch: epoch, at: now) }
      return
    }
    if wanted.contains(address) {
      holders[address] = nil
      doubtful.insert(address)
      queue.insert(address, due: now)
    } else {
      giveBack(address, epoch: epoch, at: now)
    }
  }

  private mutating func noteFreed(_ address: IPAddress, epoch: Epoch?, at now: Instant) {
    if let epoch { ended[address] = max(ended[address] ?? epoch, epoch) }
    if let claim = held[address] {
      switch epoch {
      case claim.epoch?:
        lose(address, because: .claimGone)
        consider(address, at: now)
      case nil: readAt = now
      default: break
      }
      return
    }
    let former = holders[address]
    if let former, let epoch, former.epoch > epoch { return }
    holders[address] = nil
    consider(address, at: now, without: former?.node)
  }
}
