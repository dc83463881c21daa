internal import Announcer
internal import Configuration
internal import Lease
internal import LinuxSystem
internal import RawSocket
internal import Reconciler
internal import Time
internal import Wire

/// Other stations that assert our addresses, for the log and for people.
extension Coordinator {
  mutating func hearConflicts() {
    let now = Instant.now
    let isQuiet = snapshot.conflictWarnings.isEmpty
    defer {
      if isQuiet { snapshot.conflictWarnings.forEach(parts.log.warn) }
      // Before the first one there is none to change.
      if readiness.isComplete { reportStatusLine() }
    }
    for conflict in parts.responder.conflicts.take() {
      let claim = Claim(address: conflict.address, interfaceIndex: conflict.interfaceIndex)
      let decision = reconciler.hear(
        claim, from: conflict.hardwareAddress, count: conflict.count,
        lastSeenAt: conflict.lastSeenAt, isDefending: configuration.conflicts == .defend, at: now)
      guard let decision else { continue }
      history.noteConflict(about: conflict.address, count: UInt64(conflict.count))
      if decision.hasLine { parts.log.conflict(claim, name(of: claim.interfaceIndex), decision) }
      if decision.isNews { reportConflict(claim, decision) }
    }
  }

  /// Says when addresses begin to be held without a lease, and when that is over.
  mutating func noteWithoutLease() {
    let isWithoutLease = !reconciler.view.heldWithoutLease.isEmpty
    guard isWithoutLease != wasWithoutLease else { return }
    wasWithoutLease = isWithoutLease
    parts.log.withoutLease(isWithoutLease ? reconciler.view.heldWithoutLease : nil)
  }
}
