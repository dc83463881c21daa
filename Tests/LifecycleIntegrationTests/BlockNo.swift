import Announcer

/// A row for every reason why this node does not announce an address that is wanted.
///
/// A new `BlockReason` does not compile here until `init` names its row; a new row is tried by
/// `NoSilentNoTests`, in the world that `stage` says.
enum BlockNo: String, CaseIterable, Sendable {
  case drained, nodeNotSelected, noInterface, interfacesDown, taken, noEndpoint, noLocalEndpoint
  case policiesForOtherNodes, nodeNotDescribed, noNodeSelected, nodeUnknown, nodeUnread, nodeGone
  case nodeExcluded, everyNodeExcluded, nodeLeaving

  init(_ reason: BlockReason) {
    self =
      switch reason {
      case .drained: .drained
      case .nodeNotSelected: .nodeNotSelected
      case .noInterface: .noInterface
      case .interfacesDown: .interfacesDown
      case .taken: .taken
      case .noEndpoint: .noEndpoint
      case .noLocalEndpoint: .noLocalEndpoint
      case .policiesForOtherNodes: .policiesForOtherNodes
      case .nodeNotDescribed: .nodeNotDescribed
      case .noNodeSelected: .noNodeSelected
      case .nodeUnknown: .nodeUnknown
      case .nodeUnread: .nodeUnread
      case .nodeGone: .nodeGone
      case .nodeExcluded: .nodeExcluded
      case .everyNodeExcluded: .everyNodeExcluded
      case .nodeLeaving: .nodeLeaving
      }
  }

  /// In which world it is tried.
  enum Stage: Sendable {
    /// Entries of the configuration, and Services in files.
    case files
    /// What Node objects in files say of the whole node.
    case node
    /// A command to a daemon that runs: `check` looks at a file and knows nothing of it.
    case running
    /// An API server whose Nodes are all known.
    case cluster
  }

  var stage: Stage {
    switch self {
    case .nodeNotSelected, .noInterface, .interfacesDown, .taken, .noEndpoint, .noLocalEndpoint,
      .policiesForOtherNodes, .nodeNotDescribed:
      .files
    case .nodeExcluded, .everyNodeExcluded, .nodeLeaving, .nodeUnread: .node
    case .drained, .nodeGone: .running
    case .nodeUnknown, .noNodeSelected: .cluster
    }
  }

  /// The address that meets it; distinct ones where rows share a world.
  var address: String {
    if self == .taken { return "10.80.8.255" }
    return "10.80.8.\(150 + (Self.allCases.firstIndex(of: self) ?? 0))"
  }

  /// What `check`, `status` and `explain` say.
  var words: String {
    switch self {
    case .drained: "this node is drained"
    case .nodeNotSelected: "not for this node: only node-z may announce it"
    case .noInterface: "no interface of this node matches its patterns"
    case .interfacesDown: "no interface can carry it now: down0: administratively down"
    case .taken: "it is the broadcast address of lan0, and no host can be reached by it"
    case .noEndpoint: "externalTrafficPolicy is Local and no node has a ready endpoint"
    case .noLocalEndpoint: "externalTrafficPolicy is Local and no ready endpoint of its family"
    case .policiesForOtherNodes: "policy elsewhere selects other nodes"
    case .nodeNotDescribed: "no Node document gives node-a their labels"
    case .noNodeSelected: "policy nowhere selects none of"
    case .nodeUnknown: "the cluster has no node called node-a"
    case .nodeUnread: "which is not understood"
    case .nodeGone: "the object that describes the node node-a is gone"
    case .everyNodeExcluded: "every node that is known and selected is excluded"
    case .nodeExcluded: "this node is excluded from load balancing"
    case .nodeLeaving: "this node is cordoned and others can take it"
    }
  }

  /// Whether `check` counts it as a fault of this node.
  var isProblem: Bool {
    switch self {
    case .noInterface, .interfacesDown, .taken, .nodeUnknown, .nodeUnread, .nodeGone,
      .everyNodeExcluded:
      true
    case .drained, .nodeNotSelected, .noEndpoint, .noLocalEndpoint, .policiesForOtherNodes,
      .nodeNotDescribed, .noNodeSelected, .nodeExcluded, .nodeLeaving:
      false
    }
  }

  /// The entry of the configuration that meets it; nil where a Service does.
  var entry: String? {
    switch self {
    case .nodeNotSelected: "{name: \(rawValue), addresses: [\(address)], nodes: [node-z]}"
    case .noInterface: #"{name: \#(rawValue), addresses: [\#(address)], interfaces: ["^absent0$"]}"#
    case .interfacesDown:
      #"{name: \#(rawValue), addresses: [\#(address)], interfaces: ["^down0$"]}"#
    case .taken: "{name: \(rawValue), addresses: [\(address)]}"
    default: nil
    }
  }

  /// The labels that the policy beside all rows selects.
  static let selected = ["lan": "yes"]

  /// The Services, policies and endpoints that meet it.
  var objects: [String] {
    switch self {
    case .noEndpoint:
      [Objects.service("none", address, local: true, labels: Self.selected)]
    case .noLocalEndpoint:
      [
        Objects.service("far", address, local: true, labels: Self.selected),
        Objects.slice("far", on: "node-b"),
      ]
    case .policiesForOtherNodes:
      [
        Objects.service("elsewhere", address, labels: ["where": "elsewhere"]),
        """
        {"apiVersion": "cilium.io/v2alpha1", "kind": "CiliumL2AnnouncementPolicy",
         "metadata": {"name": "elsewhere"},
         "spec": {"loadBalancerIPs": true,
                  "nodeSelector": {"matchLabels": {"kubernetes.io/hostname": "node-z"}},
                  "serviceSelector": {"matchLabels": {"where": "elsewhere"}}}}
        """,
      ]
    case .nodeNotDescribed:
      [
        Objects.service("racked", address, labels: ["where": "rack"]),
        """
        {"apiVersion": "cilium.io/v2alpha1", "kind": "CiliumL2AnnouncementPolicy",
         "metadata": {"name": "racked"},
         "spec": {"loadBalancerIPs": true, "nodeSelector": {"matchLabels": {"rack": "other"}},
                  "serviceSelector": {"matchLabels": {"where": "rack"}}}}
        """,
      ]
    case .noNodeSelected:
      [
        Objects.service("nowhere", address, labels: Self.selected),
        """
        {"apiVersion": "cilium.io/v2alpha1", "kind": "CiliumL2AnnouncementPolicy",
         "metadata": {"name": "nowhere"},
         "spec": {"loadBalancerIPs": true, "nodeSelector": {"matchLabels": {"rack": "other"}}}}
        """,
      ]
    case .nodeExcluded, .everyNodeExcluded, .nodeLeaving, .nodeUnread, .nodeGone:
      [Objects.service("all", address, labels: Self.selected)]
    default: []
    }
  }

  /// The Nodes of its world, where they matter.
  var nodes: [String] {
    let excluded = [BlockReason.exclusionLabel: ""]
    switch self {
    case .nodeExcluded: return [Objects.node("node-b"), Objects.node("node-a", labels: excluded)]
    case .everyNodeExcluded:
      return [Objects.node("node-b", labels: excluded), Objects.node("node-a", labels: excluded)]
    case .nodeLeaving:
      return [Objects.node("node-b"), Objects.node("node-a", isCordoned: true)]
    case .nodeUnread:
      return [#"{"apiVersion": "v1", "kind": "Node", "metadata": {"name": "node-a"}, "spec": []}"#]
    default: return []
    }
  }
}
