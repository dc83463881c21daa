internal import Announcer

/// Whether any node that is known may announce what a policy wants, by the example of one.
enum PolicyReach: Hashable, Sendable {
  /// This node, and maybe others: selected, and not kept out of load balancing.
  case able(String)
  /// Nodes are selected, this one among them, and all of them are kept out by the label.
  case excluded(String)
  /// It selects none.
  case nobody

  /// Whether nothing that people see differs: which of several may announce does not matter.
  func isLike(_ other: PolicyReach?) -> Bool {
    if case .able = self, case .able? = other { return true }
    return self == other
  }
}

extension Selection {
  /// Follows a change of one node, or of the policy's selector, for one policy.
  ///
  /// As long as the example stands, a change of another node costs one look, however many nodes there are.
  ///
  /// - Parameter changed: the node that has changed; nil: anything may have.
  /// - Returns: whether people see another outcome.
  @discardableResult
  mutating func settleReach(of policy: ObjectKey, changed: String? = nil) -> Bool {
    let before = reach[policy]
    let now = reach(of: policy, before, changed: changed)
    reach[policy] = policies[policy] == nil ? nil : now
    return !now.isLike(before)
  }

  private func reach(
    of policy: ObjectKey, _ before: PolicyReach?, changed: String?
  ) -> PolicyReach {
    if let before, let changed {
      let now = reach(of: policy, node: changed)
      switch before {
      case .able(let name) where name != changed: return before
      case .excluded(let name) where name != changed:
        switch now {
        case .able: return now
        case .excluded where isFirst(changed, before: name): return now
        case .excluded, .nobody: return before
        }
      case .nobody: return now
      case .able, .excluded: if case .able = now { return now }
      }
    }
    let names = Set(nodes.keys.lazy.map(\.name.name)).union([settings.node])
    var found = PolicyReach.nobody
    for name in names.sorted(by: { isFirst($0, before: $1) }) {
      switch reach(of: policy, node: name) {
      case .able: return .able(name)
      case .excluded: if found == .nobody { found = .excluded(name) }
      case .nobody: break
      }
    }
    return found
  }

  /// The order in which a node is the example for several: this one, on which people look, and then by name.
  private func isFirst(_ one: String, before other: String) -> Bool {
    one == settings.node || other != settings.node && one < other
  }

  private func reach(of policy: ObjectKey, node name: String) -> PolicyReach {
    guard let selector = policies[policy]?.inForce?.nodes else { return .nobody }
    if name == settings.node {
      if case .nodeUnknown? = standing.obstacle { return .nobody }
      guard selector.hold(for: standing.labels) else { return .nobody }
      return standing.obstacle == nil ? .able(name) : .excluded(name)
    }
    guard let node = node(name), selector.hold(for: node.labels) else { return .nobody }
    return NodeStanding.isExcluded(node) ? .excluded(name) : .able(name)
  }

  /// The policies whose every node is kept out of load balancing, and what to do, a line each.
  package var exclusions: [String] {
    reach.sorted { $0.key < $1.key }.compactMap { key, reach in
      guard case .excluded(let name) = reach else { return nil }
      let policy =
        key == Self.defaultPolicyKey ? "default policy" : "policy \(self.name(ofPolicy: key))"
      return "\(policy): \(BlockReason.everyNodeExcluded(name: name))"
    }
  }

  /// The policies that select none of the nodes that are known, by name.
  package var policiesWithoutNodes: [String] {
    reach.sorted { $0.key < $1.key }.compactMap { key, reach in
      reach == .nobody && policies[key]?.inForce != nil ? name(ofPolicy: key) : nil
    }
  }

  /// A node of those that policies select, where all of them are kept out of load balancing; nil: another
  /// one may announce, or none is selected.
  func excludedEverywhere(_ policies: [ObjectKey]) -> String? {
    var names: [String] = []
    for policy in policies {
      switch reach[policy] {
      case .able, nil: return nil
      case .excluded(let name): names.append(name)
      case .nobody: break
      }
    }
    return names.min { isFirst($0, before: $1) }
  }
}
