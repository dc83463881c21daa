extension Selection {
  mutating func update(_ policy: L2AnnouncementPolicy, _ key: ObjectKey) {
    let old = policies[key]
    if old?.written == policy { return }
    let (checked, faults) = CheckedPolicy.check(policy)
    revision += 1
    install(
      PolicyEntry(
        written: policy, inForce: checked ?? old?.inForce, faults: faults, selectsThisNode: false),
      key)
    settleDefaultPolicy()
  }

  mutating func removePolicy(_ key: ObjectKey) {
    guard policies[key] != nil else { return }
    revision += 1
    install(nil, key)
    settleDefaultPolicy()
  }

  /// The default policy is in force as long as there can be no other.
  mutating func settleDefaultPolicy() {
    let key = Self.defaultPolicyKey
    let hasOthers = policies.keys.contains { $0 != key }
    let policy = settings.hasPolicyKind || hasOthers ? nil : settings.defaultPolicy
    guard policies[key]?.written != policy else { return }
    install(
      policy.map { policy in
        let (checked, faults) = CheckedPolicy.check(policy)
        return PolicyEntry(
          written: policy, inForce: checked, faults: faults, selectsThisNode: false)
      }, key)
  }

  /// Puts a policy, or its absence, into force, and decides anew the Services that it touches.
  private mutating func install(_ new: PolicyEntry?, _ key: ObjectKey) {
    let old = policies[key]
    policies[key] = new
    if new?.inForce == old?.inForce {
      policies[key]?.selectsThisNode = old?.selectsThisNode ?? false
      return
    }
    policies[key]?.selectsThisNode = new?.inForce?.nodes.hold(for: standing.labels) ?? false
    settleSuccessors(of: key)
    let isSelectedAsBefore =
      new?.inForce?.services == old?.inForce?.services && (new == nil) == (old == nil)
    var touched: [ObjectKey] = []
    for (service, entry) in services {
      let wasMatched = entry.matched.contains(key)
      let isMatched =
        isSelectedAsBefore ? wasMatched : new?.inForce?.services.hold(for: entry.service) ?? false
      if wasMatched || isMatched { touched.append(service) }
      guard wasMatched != isMatched else { continue }
      services[service]?.matched =
        isMatched ? (entry.matched + [key]).sorted() : entry.matched.filter { $0 != key }
    }
    for service in touched { decide(service) }
  }

  /// The faults of a policy; empty where it has none or does not exist.
  package func faults(ofPolicy name: String, from source: ObjectSource) -> [PolicyFault: String] {
    policies[ObjectKey(ObjectName("", name), source)]?.faults ?? [:]
  }

  /// The policies from the API server whose status does not say what is found: name, and the whole
  /// list of conditions that it should have. Other programs' conditions stay in it untouched.
  ///
  /// A fault that is gone stays in the list as false, since people look for what became of it; one
  /// that never was is not mentioned.
  package var pendingConditions: [(policy: String, conditions: [PolicyCondition])] {
    policies.compactMap { key, entry in
      guard key.source == .kubernetes else { return nil }
      let conditions = Self.conditions(for: entry)
      return conditions == entry.written.conditions ? nil : (key.name.name, conditions)
    }.sorted { $0.policy < $1.policy }
  }

  private static func conditions(for entry: PolicyEntry) -> [PolicyCondition] {
    var conditions = entry.written.conditions
    for fault in PolicyFault.allCases {
      let position = conditions.firstIndex { $0.type == fault.rawValue }
      let message = entry.faults[fault]
      // Nothing to correct: never there, or said to be over already.
      if message == nil, position.map({ !conditions[$0].isTrue }) ?? true { continue }
      let condition = PolicyCondition(
        type: fault.rawValue, isTrue: message != nil, message: message ?? "",
        observedGeneration: entry.written.generation)
      if let position { conditions[position] = condition } else { conditions.append(condition) }
    }
    return conditions
  }
}
