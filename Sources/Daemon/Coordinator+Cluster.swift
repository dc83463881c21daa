internal import Announcer
internal import Cluster
internal import Configuration
internal import Control
internal import Wire

/// What is to be announced: what the file states, and what the cluster's objects ask for.
extension Coordinator {
  mutating func accept(_ outcome: ClusterOutcome) {
    let before = assignments.addresses.count
    wishes = outcome.wishes
    for note in outcome.notes where !clusterNotes.contains(note) { log.warn(note) }
    clusterNotes = outcome.notes
    reassign()
    log.clusterChanged(wanted: wishes.count, all: assignments.addresses.count, before: before)
  }

  mutating func reassign() {
    assignments = Assignments(configuration.requests + wishes.requests)
  }

  /// Who wants `address`: entries of the file, and Services.
  func origins(of address: IPAddress) -> [String] {
    let stated = assignments.origins(of: address).filter { $0 != Wishes.origin }
    return stated + wishes.origins(of: address)
  }

  /// What every source of wishes beside the file is doing.
  func sources() -> [SourceStatus] {
    guard !configuration.manifests.isEmpty else { return [] }
    let objects = Dictionary(
      uniqueKeysWithValues: cluster.manifestObjects.map { ($0.key.rawValue, $0.value) })
    return [
      SourceStatus(
        name: "manifests", place: configuration.manifests.joined(separator: ", "),
        state: cluster.awaited.contains(.manifests) ? .waiting : .synced, objects: objects)
    ]
  }
}
