internal import Announcer

extension Selection {
  mutating func update(_ node: Node?, _ key: ObjectKey) {
    guard nodes[key] != node else { return }
    if let node, key.name.name == settings.node {
      hasHadOwnNode = true
      if key.source == .kubernetes { lastOwnNode = node }
    }
    // What may not be announced, and what people are told of pools, changes with them.
    if nodes[key]?.addresses ?? [] != node?.addresses ?? [] { revision += 1 }
    nodes[key] = node
    settleNodes(changed: key.name.name)
  }

  /// Follows a change of nodes. Their reports come often and change nothing here most of the time.
  ///
  /// - Parameter changed: the one that has changed; nil: anything may have.
  mutating func settleNodes(changed: String? = nil) {
    let before = (standing, successors, policies.mapValues(\.selectsThisNode))
    standing = NodeStanding(
      node(settings.node), remembered: rememberedNode, name: settings.node,
      mustExist: settings.knowsAllNodes || hasNamesake,
      wasThere: hasHadOwnNode, unread: unread[.node, default: []])
    for key in Array(policies.keys) {
      let isSelected = selectsThisNode(policies[key]?.inForce)
      policies[key]?.selectsThisNode = isSelected
    }
    var hasReachChanged = false
    // Where all Nodes are gone, this node has changed with the last of them.
    let changed = before.0.isRemembered == standing.isRemembered ? changed : nil
    for key in Array(policies.keys) {
      hasReachChanged = settleReach(of: key, changed: changed) || hasReachChanged
    }
    successors = nil
    if standing.departure != nil {
      successors = [:]
      for key in policies.keys { settleSuccessors(of: key) }
    }
    if before.0.isRemembered != standing.isRemembered { revision += 1 }
    let isUnchanged =
      !hasReachChanged && before.0.isDescribed == standing.isDescribed
      && before.0.obstacle == standing.obstacle
      && before.0.departure == standing.departure
      && before.1 == successors && before.2 == policies.mapValues(\.selectsThisNode)
    if isUnchanged { return }
    for service in Array(services.keys) { decide(service) }
  }

  /// Finds out which nodes can announce what a policy wants: any at all, and, while this one is leaving, all
  /// who can take over.
  mutating func settleNodes(of policy: ObjectKey) {
    settleReach(of: policy)
    settleSuccessors(of: policy)
  }

  private mutating func settleSuccessors(of policy: ObjectKey) {
    guard successors != nil else { return }
    guard let selector = policies[policy]?.inForce?.nodes else {
      successors?[policy] = nil
      return
    }
    var names: Set<String> = []
    for key in nodes.keys where key.name.name != settings.node {
      if let node = node(key.name.name), NodeStanding.canTakeOver(node),
        selector.hold(for: node.labels)
      {
        names.insert(node.name)
      }
    }
    successors?[policy] = names
  }

  /// A node by its name. The API server knows it better than a file, which may leave out what every kubelet
  /// says of its node.
  func node(_ name: String) -> Node? {
    if let node = nodes[ObjectKey(ObjectName("", name), .kubernetes)] { return node }
    guard var node = nodes[ObjectKey(ObjectName("", name), .manifests)] else { return nil }
    node.labels = node.labels.filled(
      from: name == settings.node
        ? WellKnownLabels.ofThisNode(name) : WellKnownLabels.ofAnotherNode(name))
    return node
  }

  /// This node as the API server described it last, while it has no Node at all: then nothing was said about this node
  /// in particular, and silence of all nodes helps nobody. Nil where any Node is there: the one that is missing among
  /// others was taken away. Nil, too, where a Node may be there that is not understood.
  var rememberedNode: Node? {
    guard settings.knowsAllNodes, let last = lastOwnNode, last.name == settings.node,
      unread[.node]?.isEmpty != false,
      !nodes.keys.contains(where: { $0.source == .kubernetes })
    else { return nil }
    return last
  }

  /// What people should know where the last known Node of this node counts; nil where it does not.
  package var nodeNote: String? {
    guard standing.isRemembered else { return nil }
    return
      "the cluster has no Node objects: this node goes on with the labels and taints that its Node \(settings.node) "
      + "had last, which it forgets when the daemon restarts; restart kubelet, which registers the Node again"
  }

  func selectsThisNode(_ policy: CheckedPolicy?) -> Bool {
    policy?.nodes.allSatisfy(isMet) ?? false
  }

  /// Whether this node meets a requirement. Without an object that describes the node, its labels are unknown
  /// but for those that it knows of itself. An unknown label meets nothing, not even `DoesNotExist`.
  private func isMet(_ requirement: LabelRequirement) -> Bool {
    let value = standing.labels[requirement.key]
    let isKnown =
      value != nil || standing.isDescribed || WellKnownLabels.keys.contains(requirement.key)
    return isKnown && requirement.holds(for: value)
  }

  /// Whether this node is described under another spelling of its name: in other case, or with a domain
  /// that the one has and the other has not. Then `node` is wrong, and what is said of the node is missed.
  private var hasNamesake: Bool {
    let name = settings.node.lowercased()
    let short = name.prefix { $0 != "." }
    return node(settings.node) == nil
      && nodes.keys.contains { key in
        let other = key.name.name.lowercased()
        let isOneShort = other.contains(".") != name.contains(".")
        return other == name || isOneShort && other.prefix { $0 != "." } == short
      }
  }

  /// Why this node is not among those that policies select: no more than that, or the want of a Node that
  /// has the labels which decide.
  func selectedElsewhere(_ policies: [ObjectKey]) -> BlockReason {
    let names = policies.map(name(ofPolicy:))
    if settings.knowsAllNodes, policies.allSatisfy({ reach[$0] == .nobody }) {
      return .noNodeSelected(names)
    }
    guard !settings.knowsAllNodes, !standing.isDescribed else {
      return .policiesForOtherNodes(names)
    }
    for policy in policies {
      let failing = (self.policies[policy]?.inForce?.nodes ?? []).filter { !isMet($0) }
      // A node that knows of itself that it is not meant needs no document for it.
      if failing.isEmpty || failing.contains(where: { WellKnownLabels.keys.contains($0.key) }) {
        continue
      }
      return .nodeNotDescribed(
        name: settings.node, policies: names,
        labels: failing.filter { !$0.holds(for: nil) }.map(\.example))
    }
    return .policiesForOtherNodes(names)
  }
}
