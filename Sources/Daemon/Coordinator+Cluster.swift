internal import Announcer
internal import Cluster
internal import Configuration
internal import Control
internal import Kubernetes
internal import LinuxSystem
internal import Reconciler
internal import Time
internal import Wire

/// What is to be announced: what the file states, and what the cluster's objects ask for.
extension Coordinator {
  mutating func accept(_ outcome: ClusterOutcome) {
    let before = assignments.addresses.count
    for note in outcome.notes where !clusterOutcome.notes.contains(note) { parts.log.warn(note) }
    let wishesBefore = clusterOutcome.wishes
    clusterOutcome = outcome
    reportOtherServices(than: wishesBefore)
    reassign()
    parts.log.clusterChanged(
      wanted: clusterOutcome.wishes.count, all: assignments.addresses.count, before: before)
  }

  mutating func reassign() {
    assignments = Assignments(configuration.requests + clusterOutcome.wishes.requests)
    history.keep { assignments.addresses[$0] != nil }
    reconciler.keep(assignments)
  }

  /// What every source of wishes beside the file is doing.
  func sources() -> [SourceStatus] {
    var sources: [SourceStatus] = []
    let awaited = parts.cluster.awaited
    if let watch = parts.kubernetes?.watch {
      let standings = watch.standings
      let troubles = parts.cluster.troubles
      let isWaiting = awaited.contains { $0 != .manifests }
      sources.append(
        SourceStatus(
          name: "kubernetes", place: parts.kubernetes?.client.access.server.text ?? "",
          state: isWaiting ? .waiting : troubles.isEmpty ? .synced : .failing,
          objects: Self.counts(standings.mapValues(\.objectCount)),
          lastEventMs: standings.values.compactMap(\.lastEventAt).max()
            .map { Int((Instant.now - $0).milliseconds) },
          reconnects: standings.values.map(\.reconnections).reduce(0, +),
          error: troubles.isEmpty ? nil : troubles.joined(separator: "; ")))
    }
    if !configuration.manifests.isEmpty {
      sources.append(
        SourceStatus(
          name: "manifests", place: configuration.manifests.joined(separator: ", "),
          state: awaited.contains(.manifests) ? .waiting : .synced,
          objects: Self.counts(parts.cluster.manifestObjects)))
    }
    return sources
  }

  private static func counts(_ objects: [ClusterObject.Kind: Int]) -> [String: Int] {
    Dictionary(uniqueKeysWithValues: objects.map { ($0.key.rawValue, $0.value) })
  }
}
