internal import Announcer

/// What the cluster says about this node's part in load balancing.
struct NodeStanding: Hashable, Sendable {
  let labels: Labels
  /// Why it may announce nothing; nil where it may.
  let obstacle: BlockReason?
  /// Why others shall go first, who may; nil where they need not.
  let departure: BlockReason?

  /// Taints by which well-known programs say that a node is about to go. Other taints, also those
  /// that evict, may be there for good: a control plane's, a node's with special hardware.
  private static let departures: Set<String> = [
    "node.kubernetes.io/unschedulable", "node.kubernetes.io/out-of-service",
    "ToBeDeletedByClusterAutoscaler", "karpenter.sh/disrupted", "karpenter.sh/disruption",
  ]

  /// - Parameter node: nil where no source describes it.
  init(_ node: Node?, name: String, mustExist: Bool) {
    let known = node ?? .assumed(name)
    labels = known.labels
    obstacle =
      node == nil && mustExist
      ? .nodeUnknown(name: name) : Self.isExcluded(known) ? .nodeExcluded(name: name) : nil
    // The taint of a cordon comes with the field; the field says it in the words people know.
    let taint = known.taints.filter(Self.departures.contains).min()
    departure =
      known.isUnschedulable
      ? .nodeLeaving(name: name, taint: nil)
      : taint.map { .nodeLeaving(name: name, taint: $0) }
  }

  /// Whether another node is there to take what a leaving one gives up.
  static func canTakeOver(_ node: Node) -> Bool {
    !isExcluded(node) && !node.isUnschedulable && node.isReady != false
      && !node.taints.contains(where: departures.contains)
  }

  private static func isExcluded(_ node: Node) -> Bool {
    node.labels[BlockReason.exclusionLabel] != nil
  }
}
