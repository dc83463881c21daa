internal import Lease
internal import Time
internal import Wire

/// What the store's calls ask before they write. Each write is guarded by the version that is named here.
extension LeaseTable {
  enum Opening: Hashable, Sendable {
    case create(ended: [SessionID])
    case update(version: UInt64, ended: [SessionID])
    case taken(SessionDescription)
    case impossible(StoreFailure)
  }

  enum Acquisition: Hashable, Sendable {
    case create
    case update(version: UInt64, transitions: Int64, hasPreferredHolder: Bool)
    case held(Holder)
    /// Ours already.
    case own(Epoch)
    case impossible(StoreFailure)
  }

  /// How a session of this node may begin.
  func opening() -> Opening {
    let name = LeaseNames.node(node)
    // What is torn down may live on in its holder's eyes.
    let doomed = sessions.first { $0.value.isDoomed && $0.value.node == node && !isOwn($0.key) }
    guard let entry = nodes[name] else {
      if let (id, session) = doomed { return .taken(description(of: id, session)) }
      return .create(ended: ownEnded)
    }
    if entry.record.hasStrategy { return .impossible(Self.strategyTrouble(name)) }
    var ended = ownEnded
    if let id = entry.record.session {
      if !isOwn(id), let session = sessions[id], session.state != .ended {
        return .taken(description(of: id, session))
      }
      if !ended.contains(id) { ended.append(id) }
    }
    if let (id, session) = doomed { return .taken(description(of: id, session)) }
    ended += entry.record.ended.filter { !ended.contains($0) }
    return .update(version: entry.version, ended: Array(ended.prefix(Annotations.mostEnded)))
  }

  /// The sessions of this process that are certainly silent, the newest first.
  private var ownEnded: [SessionID] {
    own.reversed().filter { id in tornDown[id].map { $0 <= now } ?? true }
  }

  /// How a claim may be acquired.
  func acquisition(of address: IPAddress, for session: SessionID) -> Acquisition {
    let name = LeaseNames.claim(address)
    let claim = claims[address]
    if claim?.record?.hasStrategy ?? false { return .impossible(Self.strategyTrouble(name)) }
    if let claim, let record = claim.record, record.holder?.session == session {
      guard let former = claim.former else { return .own(claim.epoch) }
      return .impossible(
        StoreFailure(
          .unavailable,
          "the Lease \(name) was made ours by somebody while node \(former.holder.node) held it, which "
            + "may not know yet"))
    }
    if let holder = holder(of: address) { return .held(holder) }
    guard let claim, let record = claim.record else { return .create }
    return .update(
      version: claim.version, transitions: record.transitions,
      hasPreferredHolder: record.preferredHolder != nil)
  }

  /// An acquisition was answered: nobody but the server knows its epoch better. False where the claim
  /// has been taken away since.
  mutating func confirm(_ address: IPAddress, of session: SessionID, epoch: Epoch) -> Bool {
    guard let claim = claims[address], claim.record?.holder?.session == session,
      claim.record?.hasStrategy == false, claim.former == nil, !hasEnded(session)
    else { return false }
    if claim.epoch != epoch {
      claims[address]?.epoch = epoch
      tellClaim(address)
    }
    return true
  }

  /// The version at which a claim of a session can be given back; nil where there is no such claim.
  func release(of claim: ClaimReference, _ session: SessionID) -> UInt64? {
    guard let entry = claims[claim.address], let record = entry.record,
      record.holder?.session == session, !record.hasStrategy,
      claim.epoch.map({ $0 == entry.epoch }) ?? true
    else { return nil }
    return entry.version
  }

  /// The own session's Lease, if it still names it.
  func nodeEntry(of session: SessionID) -> (name: String, entry: NodeEntry)? {
    nodes.first { $0.value.record.session == session }.map { ($0.key, $0.value) }
  }

  /// The wishes that a session shall have after it was asked to write some. Those of others stay, those
  /// that came true are left out.
  func wishes(of session: SessionID, adding preferences: [Preference]) -> [IPAddress: Wish] {
    var wishes = (sessions[session]?.wishes ?? [:]).filter { address, wish in
      wish.epoch >= youngest[address] ?? 0
    }
    for preference in preferences {
      let address = preference.address
      guard let node = preference.node else {
        wishes[address] = nil
        continue
      }
      if let author = author(ofPreferenceFor: address), author != session { continue }
      // Whatever is claimed from now on has a greater version than everything we have heard of.
      wishes[address] = Wish(node: node, epoch: max(delivered, claims[address]?.version ?? 0))
    }
    return wishes
  }

  /// Everything as it is for all that we may assume.
  func picture() -> StorePicture {
    var picture = StorePicture(sessions: [], claims: [:])
    for (id, session) in sessions where session.isKnownByLease && session.state != .ended {
      picture.sessions.append(description(of: id, session))
    }
    for address in claims.keys {
      if let holder = holder(of: address) { picture.claims[address] = holder }
    }
    for address in Set(wishers.keys).union(claims.keys) {
      if let node = preference(for: address) { picture.preferences[address] = node }
    }
    return picture
  }
}
