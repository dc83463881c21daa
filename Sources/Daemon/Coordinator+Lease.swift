internal import Announcer
internal import Configuration
internal import Lease
internal import LinuxSystem
internal import Reconciler
internal import Time
internal import Wire

/// What the coordinator hears from the election, and tells the store of what it would announce.
extension Coordinator {
  /// Takes over what the election says; most of the time that is a renewal.
  mutating func accept(_ view: LeaseView) {
    let before = reconciler.view
    if view.session != before.session {
      parts.log.session(view.session)
      nameWatch.update(view.session, lease: configuration.lease.duration, at: .now)
    }
    if let error = view.error, error != before.error { parts.log.storeFailed(error) }
    if view.error == nil, before.error != nil { parts.log.storeRecovered() }
    // The gate was shut meanwhile.
    if view.deadline == .distantPast, before.deadline != .distantPast { selfChecking.disturb() }
    let isNews = reconciler.update(view)
    if case .open = view.session {
      if case .open = before.session {} else { reportWhatEverybodySees() }
    }
    if view.nodes != before.nodes { parts.cluster.setOtherNodes(view.nodes) }
    if view.timeToLive != before.timeToLive { noteGranted() }
    guard isNews else { return }
    // No pass follows news of the store alone. The first line, which says READY, is the pass's.
    if view.error != before.error, readiness.isComplete { reportStatusLine() }
    history.noteHolders(
      from: before, to: reconciler.view, isCandidate: { reconciler.competes(for: $0) }, at: .now)
    parts.noteWork()
  }

  /// Says once that the session which has this node's name is alive.
  ///
  /// - Returns: when to look again.
  mutating func tellOfTakenName(at now: Instant) -> Instant {
    if let taken = nameWatch.tell(at: now) {
      parts.log.nameTaken(taken.words(node: configuration.node, at: now))
      reconciler.lookAgain()
    }
    return nameWatch.dueAt
  }

  /// The store may have raised the lease: to be said, because it makes failover slower.
  private mutating func noteGranted() {
    guard let granted = reconciler.view.timeToLive, let asked = configuration.lease.duration,
      granted != asked
    else { return }
    parts.log.raised(from: asked, to: granted)
  }

  /// What the records of claims tell people beside their owner: where the address would be announced.
  func noteClaims() {
    // A lock file has no room for it, nor readers on other machines.
    guard let service = reconciler.serviceability, let links, configuration.lease.backend != .local
    else { return }
    let byID = Dictionary(uniqueKeysWithValues: links.map { ($0.id, $0) })
    var notes: [IPAddress: ClaimNote] = [:]
    // Most addresses share their links.
    var known: [[LinkID]: ClaimNote] = [:]
    for address in service.candidates {
      let ids = service[address]?.links ?? []
      if known[ids] == nil {
        let links = ids.compactMap { byID[$0] }
        known[ids] = ClaimNote(
          interfaces: links.map(\.name).sorted(),
          hardwareAddress: links.first?.hardwareAddress?.description ?? "")
      }
      notes[address] = known[ids]
    }
    parts.lease.notes.replace(notes)
  }
}
