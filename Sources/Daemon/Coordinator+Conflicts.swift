internal import Announcer
internal import Configuration
internal import Lease
internal import LinuxSystem
internal import RawSocket
internal import Time
internal import Wire

/// Other stations that assert our addresses, and what the lease has to say about it.
extension Coordinator {
  /// How often the LAN is asked for what is held without a lease: "one yields within a second".
  private static let questionInterval = Duration.milliseconds(400)
  /// In how many rounds of the self-check everything has been asked for, and how much in one at least.
  private static let shares = 60
  private static let leastShare = 16

  mutating func hearConflicts() {
    let now = Instant.now
    let isQuiet = conflictWarnings.isEmpty
    defer {
      if isQuiet { conflictWarnings.forEach(log.warn) }
      // Before the first one there is none to change.
      if !lastStatusLine.isEmpty { reportStatusLine() }
    }
    var rivals: Set<IPAddress> = []
    for conflict in responder.conflicts.take() {
      let claim = Claim(address: conflict.address, interfaceIndex: conflict.interfaceIndex)
      guard armed[claim] != nil else { continue }
      let isWithoutLease = view.heldWithoutLease.contains(claim.address)
      guard isWithoutLease || now < deadline else { continue }
      conflictCounts[conflict.address, default: 0] += UInt64(conflict.count)
      let decision = defence.hear(
        conflict.address, from: conflict.hardwareAddress, on: conflict.interfaceIndex,
        count: conflict.count, lastSeenAt: conflict.lastSeenAt,
        isDefending: configuration.conflicts == .defend && !isWithoutLease, at: now)
      if decision.hasLine { log.conflict(claim, name(of: claim.interfaceIndex), decision) }
      if decision.isNews { reportConflict(claim, decision) }
      if isWithoutLease {
        // Theirs (lease.md §2.10). Said once, however many they are.
        if rivals.insert(claim.address).inserted { lease.hear(claim.address) }
      } else if decision.defends {
        defend(claim, at: now)
      }
    }
  }

  /// An address is defended on the word of the store, where it could have given it to another: it is
  /// read first. A lock that is held cannot be somebody else's.
  private mutating func defend(_ claim: Claim, at now: Instant) {
    guard view.timeToLive != nil else { return planner.defend(claim, at: now) }
    contested[claim] = now
    lease.verify()
  }

  /// Has the last word on what was asserted again after it was defended, and sums up what had no line.
  mutating func defendOwed(at now: Instant) {
    if let summary = defence.takeSummary(at: now) {
      log.conflicts(summary, name(of: summary.latest.interfaceIndex))
    }
    for (address, interfaceIndex) in defence.takeDue(at: now) {
      let claim = Claim(address: address, interfaceIndex: interfaceIndex)
      if armed[claim] != nil, now < deadline { defend(claim, at: now) }
    }
  }

  /// Defends what a read of the store, sent after the conflict was heard, has left to us.
  mutating func defendConfirmed(at now: Instant) {
    for (claim, since) in contested where view.confirmedAt >= since || armed[claim] == nil {
      contested[claim] = nil
      if armed[claim] != nil, now < deadline { planner.defend(claim, at: now) }
    }
  }

  /// Asks the LAN for some of what is held: a station that has the address and says nothing answers.
  /// Its answer is heard as a conflict.
  mutating func askForAShare(at now: Instant) {
    func place(_ claim: Claim) -> (IPAddress, Int32) { (claim.address, claim.interfaceIndex) }
    let claims = armed.keys.sorted { place($0) < place($1) }
    let count = min(claims.count, max(Self.leastShare, claims.count / Self.shares))
    let next = askedLast.map { last in claims.firstIndex { place($0) > place(last) } ?? 0 }
    let share = (0..<count).map { claims[((next ?? 0) + $0) % claims.count] }
    askedLast = share.last
    planner.ask(share, at: now)
  }

  /// Asks the LAN who else asserts what is held without a lease.
  ///
  /// - Returns: when to ask again.
  mutating func askTheLAN(at now: Instant) -> Instant {
    let isWithoutLease = !view.heldWithoutLease.isEmpty
    if isWithoutLease != wasWithoutLease {
      wasWithoutLease = isWithoutLease
      log.withoutLease(isWithoutLease ? view.heldWithoutLease : nil)
      askAt = now
    }
    guard isWithoutLease else { return .distantFuture }
    if askAt <= now {
      responder.ask(for: armed.keys.filter { view.heldWithoutLease.contains($0.address) })
      askAt = now + Self.questionInterval
    }
    return askAt
  }
}
