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
  /// It is something else already, and would be taken from there.
  case taken(AddressRole)
  /// It has no ready endpoint of its family on any node, and only nodes that have one may announce it.
  case noEndpoint
  /// It has ready endpoints, and none of them is on this node.
  case noLocalEndpoint
  /// The policies that ask for it, by name, select other nodes.
  case policiesForOtherNodes([String])
  /// The same by labels, as YAML has them, that nobody says of this node: no Node object describes it.
  case nodeNotDescribed(name: String, policies: [String], labels: [String])
  /// The policies that ask for it, by name, select none of the cluster's nodes: nobody announces it.
  case noNodeSelected([String])
  /// The cluster does not know a node of this name.
  case nodeUnknown(name: String)
  /// These files may describe this node, and are not understood.
  case nodeUnread(files: [String])
  /// A source described this node, and does so no longer: what it says about it is not known.
  case nodeGone(name: String)
  /// The node carries the label that keeps external traffic from it.
  case nodeExcluded(name: String)
  /// Every node known that may announce it carries that label: nobody does. Names one of them.
  case everyNodeExcluded(name: String)
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
      .noNodeSelected, .nodeNotDescribed, .nodeExcluded, .nodeLeaving:
      true
    case .noInterface, .interfacesDown, .taken, .nodeUnknown, .nodeUnread, .nodeGone,
      .everyNodeExcluded:
      false
    }
  }

  /// Whether it holds on every node: then nobody announces.
  package var isEverybodys: Bool {
    switch self {
    case .noEndpoint, .everyNodeExcluded, .noNodeSelected: true
    default: false
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
    case .taken(.station(let hardwareAddress, let link)):
      "\(hardwareAddress) on \(link) has it: give that station another address, or leave this one out (a node of "
        + "yours that has it has another lease: `announcer status` there); it is "
        + "announced once nobody answers for it (with `askFirst: false`, all the same)"
    case .taken(let role):
      "it is \(role), and \(role.harm): leave it out of what is announced"
    case .noEndpoint:
      "externalTrafficPolicy is Local and no node has a ready endpoint of its family: nobody "
        + "announces it"
    case .noLocalEndpoint:
      "externalTrafficPolicy is Local and no ready endpoint of its family is on this node"
    case .policiesForOtherNodes(let policies):
      Self.selectsOthers(policies)
    case .noNodeSelected(let policies):
      "\(policies.count == 1 ? "policy" : "policies") \(Self.list(policies)) "
        + "\(policies.count == 1 ? "selects" : "select") none of the cluster's nodes: nobody announces "
        + "it; compare nodeSelector with `kubectl get nodes --show-labels`"
    case .nodeNotDescribed(let name, let policies, let labels):
      "\(Self.selectsOthers(policies)): no Node document gives \(name) their labels; if it is meant, "
        + "add to `manifests`: {apiVersion: v1, kind: Node, metadata: {name: \(name), "
        + "labels: {\(labels.joined(separator: ", "))}}}"
    case .nodeUnknown(let name):
      "the cluster has no node called \(name): set `node` to this node's name there"
    case .nodeUnread(let files):
      "what the cluster says about this node may be in \(Self.list(files)), which is not understood"
    case .nodeGone(let name):
      "the object that describes the node \(name) is gone: write it again, or start the daemon again "
        + "without it"
    case .nodeExcluded(let name):
      "this node is excluded from load balancing: kubectl label node \(name) "
        + "\(Self.exclusionLabel)- lets it announce"
    case .everyNodeExcluded(let name):
      "every node that is known and selected is excluded from load balancing, so nobody announces: "
        + "kubectl label node \(name) \(Self.exclusionLabel)- lets it announce"
    case .nodeLeaving(let name, nil):
      "this node is cordoned and others can take it: kubectl uncordon \(name) lets it compete again"
    case .nodeLeaving(_, let taint?):
      "this node has the taint \(taint), which says it is to be emptied, and others can take it"
    }
  }

  /// The well-known label by which a node is kept out of load balancing, whatever its value.
  package static let exclusionLabel = "node.kubernetes.io/exclude-from-external-load-balancers"

  private static func selectsOthers(_ policies: [String]) -> String {
    "\(policies.count == 1 ? "policy" : "policies") \(list(policies)) "
      + "\(policies.count == 1 ? "selects" : "select") other nodes"
  }

  private static func list(_ names: [String]) -> String {
    let shown = names.prefix(3).joined(separator: ", ")
    return names.count > 3 ? "\(shown) and \(names.count - 3) more" : shown
  }

  private static func list(_ links: [SkippedLink]) -> String {
    let shown = links.prefix(3).map { "\($0.name): \($0.reason)" }.joined(separator: "; ")
    return links.count > 3 ? "\(shown); and \(links.count - 3) more" : shown
  }
}
