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

/// What the daemon says to those who measure it.
extension Snapshot {
  /// - Parameters:
  ///   - addresses: every address that is wanted, in order.
  ///   - counts: what was sent for each of them.
  ///   - links: what went over each link, by interface index; 0 stands for links on which nothing was announced.
  func figures(
    _ surroundings: Surroundings, _ addresses: [IPAddress], _ counts: [AnswerCounts.Address?],
    links linkCounts: [Int32: LinkCounts]
  ) -> DaemonFigures {
    DaemonFigures(
      version: version, node: configuration.node,
      obstacles: obstacles(unknowns: surroundings.unknowns), isDrained: isDrained,
      givesAddresses: configuration.kubernetes?.givesAddresses ?? false,
      warnings: allWarnings(surroundings).count, startedAt: startedAt, loadedAt: loaded.loadedAt,
      isConfigurationRefused: loaded.error != nil, logDrops: surroundings.logDrops,
      addresses: zip(addresses, counts).map { address, counts in
        DaemonFigures.Address(
          address: address, state: state(of: address).0, counts: counts,
          conflicts: history.conflictCounts.isEmpty ? 0 : history.conflictCounts[address] ?? 0)
      },
      interfaces: interfaceFigures(linkCounts), socketDrops: surroundings.socketDrops,
      lease: DaemonFigures.Lease(
        status: leaseStatus(surroundings),
        renewalAge: view.renewedAt == .distantPast
          ? nil : Double((at - view.renewedAt).nanoseconds) / 1e9,
        renewalTimes: view.renewalTimes),
      takeoverTimes: history.takeoverTimes, selfCheck: selfCheckStatus,
      sources: surroundings.sources)
  }

  /// Interfaces that are, or were, of use: those that match no pattern would only be noise.
  private func interfaceFigures(
    _ linkCounts: [Int32: LinkCounts]
  ) -> [DaemonFigures.Interface] {
    var counts = linkCounts
    let elsewhere = counts.removeValue(forKey: 0)
    let verdicts = Dictionary(
      uniqueKeysWithValues: (reconciler.serviceability?.verdicts ?? []).map { ($0.link, $0) })
    var figures = links.compactMap { link -> DaemonFigures.Interface? in
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
