internal import Announcer
internal import Cluster
internal import Configuration
internal import Control
internal import Lease
internal import LinuxSystem
internal import RawSocket
internal import Reconciler
internal import Time
internal import Wire

/// What `announcer status` is told.
extension Snapshot {
  /// - Parameters:
  ///   - addresses: every address that is wanted, in order.
  ///   - counts: what was sent for each of them.
  ///   - services: those that are not announced.
  func status(
    _ surroundings: Surroundings, _ addresses: [IPAddress], _ counts: [AnswerCounts.Address?],
    _ services: ServicesStatus
  ) -> Status {
    let conflicts = reconciler.defence.records
    let armedLinks = Dictionary(grouping: reconciler.armed.keys, by: \.address)
    return Status(
      version: version, node: configuration.node, session: session, startedAt: startedAt,
      ready: obstacles(unknowns: surroundings.unknowns).isEmpty, drained: isDrained,
      configuration: ConfigurationStatus(
        file: configuration.file, loadedAt: loaded.loadedAt, error: loaded.error),
      lease: leaseStatus(surroundings), sources: surroundings.sources, interfaces: interfaces,
      addresses: zip(addresses, counts).map { address, counts in
        addressStatus(
          address, armedLinks[address] ?? [], counts,
          reconciler.occupant(of: address) ?? conflicts[address])
      },
      services: services, ignored: surroundings.ignored, selfCheck: selfCheckStatus,
      warnings: allWarnings(surroundings))
  }

  /// Everything that people should know of and that is not an error.
  func allWarnings(_ surroundings: Surroundings) -> [String] {
    surroundings.serverWarnings + surroundings.selectionNotes + clusterOutcome.notes
      + warnings.all + conflictWarnings + selfChecking.warnings + surroundings.logWarnings
  }

  func leaseStatus(_ surroundings: Surroundings) -> LeaseStatus {
    let left = view.deadline - at
    var error = view.error?.description
    if let nameTaken { error = nameTaken }
    return LeaseStatus(
      backend: configuration.lease.backend.rawValue,
      state: LeaseStatus.State(rawValue: view.health.rawValue),
      deadlineInMs: view.timeToLive == nil ? nil : max(0, Int(left.milliseconds)),
      lastRenewalMs: view.lastRenewal?.milliseconds,
      durationMs: view.timeToLive.map { Int($0.milliseconds) },
      configuredDurationMs: configuration.lease.duration.map { Int($0.milliseconds) },
      endpoint: surroundings.place, error: error,
      transitions: LeaseTransitions(
        gained: view.gained, lost: view.lost,
        handedOver: view.handedOver),
      errors: Dictionary(
        uniqueKeysWithValues: view.errors.map { ($0.key.rawValue, $0.value) }),
      refusedByGate: surroundings.refusedByGate,
      holding: !view.heldWithoutLease.isEmpty)
  }

  private var interfaces: [InterfaceStatus] {
    let verdicts = reconciler.serviceability?.verdicts ?? []
    let byID = Dictionary(uniqueKeysWithValues: verdicts.map { ($0.link, $0) })
    return links.map { link in
      let verdict = byID[link.id]
      return InterfaceStatus(
        name: link.name, index: link.id.index,
        hardwareAddress: link.hardwareAddress?.description,
        state: InterfaceStatus.State(rawValue: verdict?.state.rawValue ?? "skipped"),
        matchedBy: verdict?.matchedBy.map(\.text) ?? [],
        reason: verdict == nil
          ? "nothing is configured to be announced" : verdict?.reason?.description)
    }
  }
}
