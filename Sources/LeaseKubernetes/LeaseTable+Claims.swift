internal import Lease
internal import Time
internal import Wire

/// What claim Leases mean.
extension LeaseTable {
  mutating func apply(
    _ record: ClaimRecord, of address: IPAddress, uid: String, version: UInt64, name: String
  ) {
    let old = claims[address]
    let owner = owner(of: old)
    let holder = record.holder
    // The version of a claim that changed hands is its epoch; a Lease that was written again for the
    // same holder (somebody put a label on it) has changed no hands.
    let hasStayed =
      old?.record?.hasStrategy == record.hasStrategy
      && owner != nil && holder?.session == owner
    var entry = ClaimEntry(
      record: record, uid: uid, version: version,
      epoch: hasStayed || holder == nil ? old?.epoch ?? .unknown : Epoch(version),
      former: old?.former, freeSince: old?.freeSince)
    if let former = entry.former, former.holder.session == holder?.session { entry.former = nil }
    let isReleased = holder == nil && record.released != nil && record.released == owner
    if let owner, owner != holder?.session, !isReleased, let former = former(old, owner) {
      entry.former = former
    }
    if let id = holder?.session, sessions[id] == nil, let holder {
      // Nobody's session that we know of; whoever it is gets the time that the record states.
      let duration = record.duration ?? defaultDuration
      sessions[id] = Session(
        node: holder.node, duration: duration, state: .doomed(at: now + duration))
    }
    if owner != holder?.session {
      if let before = old?.record?.holder?.session { sessions[before]?.claims.remove(address) }
    }
    if let id = holder?.session { sessions[id]?.claims.insert(address) }
    claims[address] = entry
    noteQuarantine(of: address)
    if holder != nil, wishers[address] != nil {
      youngest[address] = max(youngest[address] ?? 0, entry.epoch.number)
    }
    note(record.hasStrategy ? Self.strategyTrouble(name) : nil, of: name)
    tellClaim(address)
  }

  mutating func removeClaim(_ address: IPAddress, version: UInt64, name: String) {
    guard let old = claims[address], let record = old.record else { return }
    if let id = record.holder?.session { sessions[id]?.claims.remove(address) }
    let former = owner(of: old).flatMap { self.former(old, $0) } ?? old.former
    claims[address] = former.map {
      ClaimEntry(record: nil, version: version, epoch: old.epoch, former: $0)
    }
    noteQuarantine(of: address)
    note(nil, of: name)
    tellClaim(address)
  }

  /// The session that has the claim, as far as it has not ended.
  private func owner(of claim: ClaimEntry?) -> SessionID? {
    guard let id = claim?.record?.holder?.session, !hasEnded(id) else { return nil }
    return id
  }

  /// Who may not know yet that the claim was taken from it; nil for ourselves, who have just learnt it.
  private func former(_ claim: ClaimEntry?, _ owner: SessionID) -> Former? {
    guard let claim, !isOwn(owner), let session = sessions[owner] else { return nil }
    let holder = Holder(node: session.node, session: owner, epoch: claim.epoch)
    return Former(
      holder: holder, until: max(now + session.duration, claim.former?.until ?? .distantPast))
  }

  private mutating func noteQuarantine(of address: IPAddress) {
    if claims[address]?.former == nil {
      quarantined.remove(address)
    } else {
      quarantined.insert(address)
    }
  }

  /// Whoever had the claim is silent by now.
  mutating func lift(_ address: IPAddress) {
    claims[address]?.former = nil
    quarantined.remove(address)
    if claims[address]?.record == nil {
      claims[address] = nil
    }
    tellClaim(address)
  }
}
