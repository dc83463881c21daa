internal import Lease
internal import Time
internal import Wire

/// What time does: sessions end, quarantines pass, and what nobody needs is tidied away.
extension LeaseTable {
  /// What is to be done in the store.
  enum Task: Hashable, Sendable {
    /// Its time has passed: end it, if nothing was written since that version.
    case end(SessionID, lease: String, version: UInt64)
    /// Nobody has needed it for long: delete it, if it is still the same.
    case delete(lease: String, uid: String, version: UInt64)
  }

  /// What each rank waits before it ends a session, so that not all write at once.
  static let delayPerRank = Duration.milliseconds(20)
  static let longestDelay = Duration.milliseconds(200)
  /// When ending a session is tried again that came to nothing.
  static let retryPause = Duration.milliseconds(500)

  static let claimsAreKept = Duration.seconds(60)
  static let nodesAreKept = Duration.seconds(600)
  /// Tidying waits this for each rank: whoever comes first does it for all.
  static let tidyingDelayPerRank = Duration.seconds(3)
  /// Leases deleted in one go.
  static let handful = 8

  /// Lets what is due happen, here alone.
  mutating func pass(to instant: Instant) {
    now = max(now, instant)
    for (id, session) in sessions {
      if case .doomed(let due) = session.state, due <= now { end(id) }
    }
    for address in quarantined {
      if let former = claims[address]?.former, former.until <= now { lift(address) }
    }
  }

  /// The sessions to end in the store now.
  mutating func takeEndings(at instant: Instant) -> [Task] {
    pass(to: instant)
    var tasks: [Task] = []
    for (id, session) in sessions {
      guard let (version, due) = ending(id, session), due <= now,
        let name = nodes.first(where: { $0.value.record.session == id })?.key
      else { continue }
      sessions[id]?.retryAt = now + Self.retryPause
      tasks.append(.end(id, lease: name, version: version))
    }
    return tasks
  }

  /// When `pass` or `takeEndings` have something to do next.
  var nextDue: Instant {
    var due = Instant.distantFuture
    for (id, session) in sessions {
      if case .doomed(let at) = session.state { due = min(due, at) }
      if let (_, at) = ending(id, session) { due = min(due, at) }
    }
    for address in quarantined {
      if let former = claims[address]?.former { due = min(due, former.until) }
    }
    return due
  }

  /// Leases that have stood for nothing for long, a handful; also forgets what is only memory.
  mutating func takeLitter(at instant: Instant) -> [Task] {
    pass(to: instant)
    tombstones = tombstones.filter { now < $0.value.at + Self.claimsAreKept }
    forgetSessions()
    let patience = Self.tidyingDelayPerRank * min(rank(at: now), 20)
    var tasks: [Task] = []
    for (address, entry) in claims {
      guard tasks.count < Self.handful else { break }
      guard let since = entry.freeSince, entry.record != nil,
        now >= since + Self.claimsAreKept + patience
      else { continue }
      claims[address]?.freeSince = now
      tasks.append(
        .delete(lease: LeaseNames.claim(address), uid: entry.uid, version: entry.version))
    }
    for (name, entry) in nodes {
      guard tasks.count < Self.handful else { break }
      guard let since = entry.idleSince, !entry.record.hasStrategy,
        now >= since + Self.nodesAreKept + patience
      else { continue }
      nodes[name]?.idleSince = now
      tasks.append(.delete(lease: name, uid: entry.uid, version: entry.version))
    }
    return tasks
  }

  /// When this process may end a live session in the store, and at which version; nil for those that are
  /// none of its business.
  private func ending(_ id: SessionID, _ session: Session) -> (UInt64, Instant)? {
    guard case .live(let version, let seenAt) = session.state, !isOwn(id) else { return nil }
    let due = seenAt + session.duration
    // Ranks are counted when it matters.
    if now < due { return (version, due) }
    let delay = min(Self.delayPerRank * rank(at: due), Self.longestDelay)
    return (version, max(due + delay, session.retryAt))
  }

  /// How many live nodes come before this one in the order of names.
  private func rank(at instant: Instant) -> Int {
    sessions.reduce(0) { count, session in
      guard case .live(_, let seenAt) = session.value.state, session.value.node < node,
        instant < seenAt + session.value.duration
      else { return count }
      return count + 1
    }
  }

  /// Sessions that have ended and that no record mentions.
  private mutating func forgetSessions() {
    var mentioned = Set(own)
    for entry in nodes.values {
      mentioned.formUnion(entry.record.ended)
      if let id = entry.record.session { mentioned.insert(id) }
    }
    sessions = sessions.filter {
      $0.value.state != .ended || !$0.value.claims.isEmpty || mentioned.contains($0.key)
    }
    // The last few are enough to vouch for.
    own = Array(own.suffix(Annotations.mostEnded + 1))
    tornDown = tornDown.filter { own.contains($0.key) }
  }
}
