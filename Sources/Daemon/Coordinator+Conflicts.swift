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

  mutating func hearConflicts() {
    let now = Instant.now
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
      if decision.isNews {
        log.conflict(claim, name(of: claim.interfaceIndex), decision)
        reportConflict(claim, decision)
      }
      if isWithoutLease {
        // Theirs, whoever they are (LEASE §2.7).
        lease.hear(claim.address)
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

  /// Has the last word on what was asserted again after it was defended.
  mutating func defendOwed(at now: Instant) {
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
