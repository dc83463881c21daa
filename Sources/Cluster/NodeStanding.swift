internal import Announcer

/// What the cluster says about this node's part in load balancing.
struct NodeStanding: Hashable, Sendable {
  /// Whether any source describes it, or has described it and counts still.
  let isDescribed: Bool
  /// Whether what counts is what was known last of it.
  let isRemembered: Bool
  let labels: Labels
  /// Why it may announce nothing; nil where it may.
  let obstacle: BlockReason?
  /// Whether the obstacle is that nobody knows what the cluster says about this node.
  let isUnknown: Bool
  /// Why others shall go first, who may; nil where they need not.
  let departure: BlockReason?

  /// Taints by which well-known programs say that a node is about to go. Other taints, also those
  /// that evict, may be there for good: a control plane's, a node's with special hardware.
  private static let departures: Set<String> = [
    "node.kubernetes.io/unschedulable", "node.kubernetes.io/out-of-service",
    "ToBeDeletedByClusterAutoscaler", "karpenter.sh/disrupted", "karpenter.sh/disruption",
  ]

  /// - Parameters:
  ///   - node: nil where no source describes it.
  ///   - remembered: what counts in place of it then; nil for nothing.
  ///   - mustExist: whether a node that no source describes does not exist.
  ///   - wasThere: whether a source has described it before.
  ///   - unread: files that may describe it, and are not understood.
  init(
    _ node: Node?, remembered: Node? = nil, name: String, mustExist: Bool, wasThere: Bool = false,
    unread: [String] = []
  ) {
    let described = node ?? remembered
    let known = described ?? .assumed(name)
    isDescribed = described != nil
    isRemembered = node == nil && remembered != nil
    labels = known.labels
    let unknown = described == nil ? Self.unknown(name, mustExist, wasThere, unread) : nil
    isUnknown = unknown != nil
    obstacle = unknown ?? (Self.isExcluded(known) ? .nodeExcluded(name: name) : nil)
    // The taint of a cordon comes with the field; the field says it in the words people know.
    let taint = known.taints.filter(Self.departures.contains).min()
    departure =
      known.isUnschedulable
      ? .nodeLeaving(name: name, taint: nil)
      : taint.map { .nodeLeaving(name: name, taint: $0) }
  }

  /// Why a node that no source describes may not be taken for one without labels and taints; nil where it may.
  private static func unknown(
    _ name: String, _ mustExist: Bool, _ wasThere: Bool, _ unread: [String]
  ) -> BlockReason? {
    if !unread.isEmpty { return .nodeUnread(files: unread) }
    if mustExist { return .nodeUnknown(name: name) }
    return wasThere ? .nodeGone(name: name) : nil
  }

  /// Whether another node is there to take what a leaving one gives up.
  static func canTakeOver(_ node: Node) -> Bool {
    !isExcluded(node) && !node.isUnschedulable && node.isReady != false
      && !node.taints.contains(where: departures.contains)
  }

  static func isExcluded(_ node: Node) -> Bool {
    node.labels[BlockReason.exclusionLabel] != nil
  }
}
