package import Announcer
internal import Lease
package import Time
package import Wire

/// Other stations that assert what is armed here, and what the lease has to say about it.
extension Reconciler {
  /// How often the LAN is asked for what is held without a lease: "one yields within a second".
  private static let questionInterval = Duration.milliseconds(400)
  /// In how many rounds of the self-check everything has been asked for, and how much in one at least.
  private static let shares = 60
  private static let leastShare = 16

  /// Takes note of another station that asserts an address.
  ///
  /// - Parameter isDefending: false where the configuration says `report`.
  /// - Returns: what is worth saying; nil where it does not concern what is armed, or where the address is left to the
  ///   station, which is said like that of a station that answers when it is asked for.
  package mutating func hear(
    _ claim: Claim, from hardwareAddress: MACAddress, count: Int, lastSeenAt: Instant,
    isDefending: Bool, at now: Instant
  ) -> ConflictDefence.Decision? {
    guard wire.claims[claim] != nil else { return nil }
    isAnnouncing = false
    let isWithoutLease = view.heldWithoutLease.contains(claim.address)
    guard isWithoutLease || now < deadline else { return nil }
    if concedes(claim, to: hardwareAddress, heardAt: lastSeenAt, at: now) {
      firstArmed[claim.address] = nil
      familiar.remove(claim.address)
      inquiry.occupy(
        claim.address, by: hardwareAddress, on: claim.interfaceIndex, count: count,
        lastSeenAt: lastSeenAt, at: now)
      stale = .everything
      return nil
    }
    let decision = defence.hear(
      claim.address, from: hardwareAddress, on: claim.interfaceIndex, count: count,
      lastSeenAt: lastSeenAt, isDefending: isDefending && !isWithoutLease, at: now)
    if isWithoutLease {
      // Theirs (lease.md §2.10).
      rivals.insert(claim.address)
    } else if decision.defends {
      defend(claim, at: now)
    }
    return decision
  }

  /// An address is defended on the word of the store, where it could have given it to another: it is read first. A lock
  /// that is held cannot be somebody else's.
  private mutating func defend(_ claim: Claim, at now: Instant) {
    guard view.timeToLive != nil else { return planner.defend(claim, at: now) }
    contested[claim] = now
    isVerifyDue = true
  }

  mutating func nextOfConflicts(at now: Instant) -> Step? {
    if let rival = rivals.min() {
      rivals.remove(rival)
      return .yieldToRival(rival)
    }
    if let summary = defence.takeSummary(at: now) { return .summarize(summary) }
    // The last word on what was asserted again after it was defended.
    for (address, interfaceIndex) in defence.takeDue(at: now) {
      let claim = Claim(address: address, interfaceIndex: interfaceIndex)
      if wire.claims[claim] != nil, now < deadline { defend(claim, at: now) }
    }
    // What a read of the store, sent after the conflict was heard, has left to us.
    for (claim, since) in contested where view.confirmedAt >= since || wire.claims[claim] == nil {
      contested[claim] = nil
      if wire.claims[claim] != nil, now < deadline { planner.defend(claim, at: now) }
    }
    if isVerifyDue {
      isVerifyDue = false
      return .verify
    }
    return nextQuestionForRivals(at: now)
  }

  private mutating func nextQuestionForRivals(at now: Instant) -> Step? {
    guard !view.heldWithoutLease.isEmpty else {
      askForRivalsAt = nil
      return nil
    }
    guard askForRivalsAt ?? now <= now else { return nil }
    askForRivalsAt = now + Self.questionInterval
    let claims = wire.claims.keys.filter { view.heldWithoutLease.contains($0.address) }
    return claims.isEmpty ? nil : .askForRivals(claims.sorted(by: Self.isBefore))
  }

  /// Asks the LAN for some of what is held: a station that has the address and says nothing answers. Its answer is
  /// heard as a conflict.
  package mutating func askForAShare(at now: Instant) {
    let claims = wire.claims.keys.sorted(by: Self.isBefore)
    let count = min(claims.count, max(Self.leastShare, claims.count / Self.shares))
    let next = askedLast.map { last in claims.firstIndex { Self.isBefore(last, $0) } ?? 0 }
    let share = (0..<count).map { claims[((next ?? 0) + $0) % claims.count] }
    askedLast = share.last
    planner.ask(share, at: now)
  }

  private static func isBefore(_ one: Claim, _ other: Claim) -> Bool {
    (one.address, one.interfaceIndex) < (other.address, other.interfaceIndex)
  }
}
