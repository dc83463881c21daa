internal import Cluster

/// What the cluster's objects ask for, and what people should know of them.
struct ClusterOutcome: Sendable {
  var wishes = Wishes()
  /// Files that cannot be read, policies with faults, objects that were passed over.
  var notes: [String] = []
  /// The nodes' own addresses.
  var nodes = NodeAddresses()
  /// What decides about this node other than its Node, one of `notes`; nil where nothing does.
  var nodeNote: String?
  /// Those of `notes` that may have kept something from being wanted.
  var faults: [String] = []
}
