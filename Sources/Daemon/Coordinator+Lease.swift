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
      noteTakenName(view.session)
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
    noteFree(since: before)
    trimAt = .now + Self.trimDelay
  }

  private mutating func noteTakenName(_ session: SessionState) {
    guard case .waiting(let other) = session else {
      takenName = nil
      return
    }
    guard takenName?.other.id != other.id else { return }
    takenName = TakenName(other, since: .now, lease: configuration.lease.duration)
    toldOfTakenName = false
  }

  /// Says once that the session which has this node's name is alive.
  ///
  /// - Returns: when to look again.
  mutating func tellOfTakenName(at now: Instant) -> Instant {
    guard let takenName, !toldOfTakenName else { return .distantFuture }
    guard takenName.isCertain(at: now) else { return takenName.certainAt }
    toldOfTakenName = true
    parts.log.nameTaken(takenName.words(node: configuration.node, at: now))
    reconciler.lookAgain()
    return .distantFuture
  }

  /// Remembers since when an address that another node had, and that we could serve, is nobody's.
  private mutating func noteFree(since before: LeaseView) {
    let view = reconciler.view
    guard view.holders != before.holders else { return }
    for address in before.holders.keys
    where view.holders[address] == nil && reconciler.candidates?.contains(address) == true
      && Duty(address) == nil
    {
      freeSince[address] = .now
    }
    freeSince = freeSince.filter { view.holders[$0.key] == nil }
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
