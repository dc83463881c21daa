extension Selection {
  mutating func update(_ node: Node?, _ key: ObjectKey) {
    guard nodes[key] != node else { return }
    nodes[key] = node
    settleNodes()
  }

  /// Follows a change of nodes. Their reports come often and change nothing here most of the time.
  mutating func settleNodes() {
    let before = (standing, successors, policies.mapValues(\.selectsThisNode))
    standing = NodeStanding(
      node(settings.node), name: settings.node, mustExist: settings.knowsAllNodes)
    for key in Array(policies.keys) {
      let holds = policies[key]?.inForce?.nodes.hold(for: standing.labels) ?? false
      policies[key]?.selectsThisNode = holds
    }
    successors = nil
    if standing.departure != nil {
      successors = [:]
      for key in policies.keys { settleSuccessors(of: key) }
    }
    let isUnchanged =
      before.0.obstacle == standing.obstacle && before.0.departure == standing.departure
      && before.1 == successors && before.2 == policies.mapValues(\.selectsThisNode)
    if isUnchanged { return }
    for service in Array(services.keys) { decide(service) }
  }

  /// Finds the nodes that can take over what a policy wants; only while this one is leaving.
  mutating func settleSuccessors(of policy: ObjectKey) {
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

  /// A node by its name. The API server knows it better than a file.
  private func node(_ name: String) -> Node? {
    nodes[ObjectKey(ObjectName("", name), .kubernetes)]
      ?? nodes[ObjectKey(ObjectName("", name), .manifests)]
  }
}
