internal import Announcer
internal import Configuration
internal import Control
internal import Lease
internal import LinuxSystem
internal import Metrics
internal import RawSocket
internal import Reconciler
internal import Time
internal import Wire

/// What the daemon says to those who measure it.
extension Coordinator {
  mutating func figures() -> DaemonFigures {
    let addresses = sortedAddresses()
    let counts = parts.responder.counts(of: addresses)
    let status = leaseStatus()
    return DaemonFigures(
      version: parts.version, node: configuration.node, obstacles: obstacles, isDrained: isDrained,
      givesAddresses: configuration.kubernetes?.givesAddresses ?? false,
      warnings: allWarnings.count, startedAt: startedAt, loadedAt: loaded.loadedAt,
      isConfigurationRefused: loaded.error != nil, logDrops: parts.output.missingLines,
      addresses: zip(addresses, counts).map { address, counts in
        DaemonFigures.Address(
          address: address, state: state(of: address).0, counts: counts,
          conflicts: history.conflictCounts.isEmpty ? 0 : history.conflictCounts[address] ?? 0)
      },
      interfaces: interfaceFigures, socketDrops: parts.responder.totals().dropped,
      lease: DaemonFigures.Lease(
        status: status,
        renewalAge: reconciler.view.renewedAt == .distantPast
          ? nil : Double((Instant.now - reconciler.view.renewedAt).nanoseconds) / 1e9,
        renewalTimes: reconciler.view.renewalTimes),
      takeoverTimes: history.takeoverTimes, selfCheck: selfCheckStatus, sources: sources())
  }

  /// Why this node is not ready to announce; empty where it is. A node that is drained, or that has
  /// nothing to announce, is as ready as it is meant to be.
  var obstacles: [String] {
    var obstacles: [String] = []
    if !readiness.isSettled { obstacles.append("the interfaces of this node are not known yet") }
    switch reconciler.view.session {
    case .open: break
    case .waiting(let other):
      obstacles.append(
        nameWatch.taken?.words(node: configuration.node, at: .now)
          ?? "the name '\(configuration.node)' belongs to \(other)")
    case .opening, .closed:
      obstacles.append(
        "no session in the lease store\(reconciler.view.error.map { ": \($0)" } ?? "")")
    }
    if let error = reconciler.impediment?.filters {
      obstacles.append("the sockets cannot be programmed: \(error)")
    }
    if !reconciler.view.held.isEmpty, reconciler.view.deadline <= .now {
      obstacles.append(
        "the lease could not be renewed in time\(reconciler.view.error.map { ": \($0)" } ?? "")")
    }
    obstacles += parts.cluster.unknowns
    obstacles += sendObstacles
    let failures = selfChecking.failures
    obstacles += failures.prefix(3)
    if failures.count > 3 { obstacles.append("\(failures.count - 3) more self-checks failed") }
    return obstacles
  }

  /// Interfaces that are, or were, of use: those that match no pattern would only be noise.
  private var interfaceFigures: [DaemonFigures.Interface] {
    var counts = parts.responder.linkCounts()
    let elsewhere = counts.removeValue(forKey: 0)
    let verdicts = Dictionary(
      uniqueKeysWithValues: (reconciler.serviceability?.verdicts ?? []).map { ($0.link, $0) })
    var figures = (links ?? []).compactMap { link -> DaemonFigures.Interface? in
      let verdict = verdicts[link.id].flatMap { $0.matchedBy.isEmpty ? nil : $0 }
      let count = counts[link.id.index]
      guard verdict != nil || count != nil else { return nil }
      return DaemonFigures.Interface(
        name: link.name,
        state: verdict.map { InterfaceStatus.State(rawValue: $0.state.rawValue) },
        counts: count ?? LinkCounts())
    }
    if let elsewhere, elsewhere.received > 0 {
      figures.append(DaemonFigures.Interface(name: "", state: nil, counts: elsewhere))
    }
    return figures
  }
}
