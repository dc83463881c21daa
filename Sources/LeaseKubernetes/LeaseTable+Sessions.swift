internal import Lease
internal import Time
internal import Wire

/// What node Leases mean.
extension LeaseTable {
  /// The name of a session that this process is about to write.
  mutating func beginOwn(_ id: SessionID) { own.append(id) }

  /// It was certainly not written.
  mutating func abandonOwn(_ id: SessionID) { own.removeAll { $0 == id } }

  mutating func apply(_ record: NodeRecord, name: String, uid: String, version: UInt64) {
    for id in record.ended { markEnded(id, node: record.node) }
    let former = nodes[name]?.record.session
    if let former, former != record.session { tearDown(former) }
    var entry = NodeEntry(record: record, uid: uid, version: version)
    if let id = record.session, !hasEnded(id) {
      see(id, record, after: nodes[name]?.record, version: version)
    } else {
      entry.idleSince = nodes[name]?.idleSince ?? now
    }
    nodes[name] = entry
    note(record.hasStrategy ? Self.strategyTrouble(name) : nil, of: name)
  }

  mutating func removeNode(_ name: String) {
    if let former = nodes.removeValue(forKey: name)?.record.session { tearDown(former) }
    note(nil, of: name)
  }

  /// A node's Lease names the session, at a version that is new.
  private mutating func see(
    _ id: SessionID, _ record: NodeRecord, after known: NodeRecord?, version: UInt64
  ) {
    let duration = record.duration ?? defaultDuration
    var session =
      sessions[id] ?? Session(node: record.node, duration: duration, state: .ended)
    session.node = record.node
    session.details = record.details
    session.duration = max(session.duration, duration)
    session.state = .live(version: version, seenAt: now)
    session.retryAt = .distantPast
    session.isKnownByLease = true
    let before = session.wishes
    // Every renewal carries the annotation along; it is read where it changed.
    if known?.session != id || known?.preferences != record.preferences {
      session.wishes = record.wishes
    }
    sessions[id] = session
    tellSession(id)
    if before != session.wishes { noteWishes(of: id, before: before, after: session.wishes) }
  }

  private mutating func noteWishes(
    of id: SessionID, before: [IPAddress: Wish], after: [IPAddress: Wish]
  ) {
    for address in before.keys where after[address] == nil { forgetWish(for: address, of: id) }
    for address in after.keys {
      wishers[address, default: []].insert(id)
      if let epoch = claims[address]?.epoch.number {
        youngest[address] = max(youngest[address] ?? 0, epoch)
      }
      tellPreference(address)
    }
  }

  private mutating func forgetWish(for address: IPAddress, of id: SessionID) {
    wishers[address]?.remove(id)
    if wishers[address]?.isEmpty ?? true {
      wishers[address] = nil
      youngest[address] = nil
    }
    tellPreference(address)
  }

  /// Its Lease does not name the session any more, and does not say that it has ended.
  private mutating func tearDown(_ id: SessionID) {
    guard var session = sessions[id], session.isLive else { return }
    if isOwn(id) {
      // We know at once; whoever answers for us is told a moment later, and stops by the deadline at the
      // latest.
      tornDown[id] = now + session.duration
      return end(id)
    }
    session.state = .doomed(at: now + session.duration)
    sessions[id] = session
  }

  /// Somebody who knows says that it is over.
  private mutating func markEnded(_ id: SessionID, node: String) {
    if sessions[id] == nil {
      sessions[id] = Session(node: node, duration: defaultDuration, state: .ended)
    } else if !hasEnded(id) {
      end(id)
    }
  }

  /// Over for everybody: its claims are free, its wishes void.
  mutating func end(_ id: SessionID) {
    guard var session = sessions[id], session.state != .ended else { return }
    let (claims, wishes) = (session.claims, session.wishes)
    session.state = .ended
    session.wishes = [:]
    sessions[id] = session
    for (name, entry) in nodes where entry.record.session == id { nodes[name]?.idleSince = now }
    for address in quarantined where self.claims[address]?.former?.holder.session == id {
      lift(address)
    }
    for address in claims.sorted() { tellClaim(address) }
    for address in wishes.keys.sorted() { forgetWish(for: address, of: id) }
    tellSession(id)
  }

  static func strategyTrouble(_ name: String) -> StoreFailure {
    StoreFailure(
      .misconfigured,
      "the Lease \(name) has `spec.strategy`: another coordinator has it, it is left alone")
  }
}
