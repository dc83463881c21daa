/// Why this node does not compete for an address that is wanted.
package enum BlockReason: Hashable, Sendable {
  /// An operator took the node out (`announcer drain`).
  case drained
  /// Every request for it names other nodes.
  case nodeNotSelected(allowed: [String])
  /// No interface matches, or none of those that do may be used.
  case noInterface([SkippedLink])
  /// Interfaces match, and none of them can carry it now.
  case interfacesDown([SkippedLink])
  /// It has no ready endpoint on any node, and only nodes that have one may announce it.
  case noEndpoint
  /// It has ready endpoints, and none of them is on this node.
  case noLocalEndpoint
  /// The policies that ask for it, by name, select other nodes.
  case policiesForOtherNodes([String])
  /// The cluster does not know a node of this name.
  case nodeUnknown(name: String)
  /// The node carries the label that keeps external traffic from it.
  case nodeExcluded(name: String)
  /// The node is being emptied and others can take the address: cordoned, or by a taint that says so.
  case nodeLeaving(name: String, taint: String?)

  /// A link and why it does not serve.
  package struct SkippedLink: Hashable, Sendable {
    package var name: String
    package var reason: SkipReason

    package init(name: String, reason: SkipReason) {
      self.name = name
      self.reason = reason
    }
  }
}

extension BlockReason {
  /// Whether somebody means it to be so: then nothing is wrong with this node.
  package var isIntended: Bool {
    switch self {
    case .drained, .nodeNotSelected, .noEndpoint, .noLocalEndpoint, .policiesForOtherNodes,
      .nodeExcluded, .nodeLeaving:
      true
    case .noInterface, .interfacesDown, .nodeUnknown: false
    }
  }
}

extension BlockReason: CustomStringConvertible {
  package var description: String {
    switch self {
    case .drained: "this node is drained: `announcer undrain` lets it compete again"
    case .nodeNotSelected(let allowed):
      "not for this node: only \(allowed.joined(separator: ", ")) may announce it"
    case .noInterface(let links):
      links.isEmpty
        ? "no interface of this node matches its patterns"
        : "no usable interface: \(Self.list(links))"
    case .interfacesDown(let links): "no interface can carry it now: \(Self.list(links))"
    case .noEndpoint:
      "externalTrafficPolicy is Local and no node has a ready endpoint: nobody announces it"
    case .noLocalEndpoint:
      "externalTrafficPolicy is Local and no ready endpoint is on this node"
    case .policiesForOtherNodes(let policies):
      "\(policies.count == 1 ? "policy" : "policies") \(Self.list(policies)) "
        + "\(policies.count == 1 ? "selects" : "select") other nodes"
    case .nodeUnknown(let name):
      "the cluster has no node called \(name): set `node` to this node's name there"
    case .nodeExcluded(let name):
      "this node is excluded from load balancing: kubectl label node \(name) "
        + "\(Self.exclusionLabel)- lets it announce"
    case .nodeLeaving(let name, nil):
      "this node is cordoned and others can take it: kubectl uncordon \(name) lets it compete again"
    case .nodeLeaving(_, let taint?):
      "this node has the taint \(taint), which says it is to be emptied, and others can take it"
    }
  }

  /// The well-known label by which a node is kept out of load balancing, whatever its value.
  package static let exclusionLabel = "node.kubernetes.io/exclude-from-external-load-balancers"

  private static func list(_ names: [String]) -> String {
    let shown = names.prefix(3).joined(separator: ", ")
    return names.count > 3 ? "\(shown) and \(names.count - 3) more" : shown
  }

  private static func list(_ links: [SkippedLink]) -> String {
    let shown = links.prefix(3).map { "\($0.name): \($0.reason)" }.joined(separator: "; ")
    return links.count > 3 ? "\(shown); and \(links.count - 3) more" : shown
  }
}
