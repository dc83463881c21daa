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

  /// The default policy is in force as long as there has never been another, nor can be one that is not
  /// understood. What is absent now may only be missing: it comes back with a restart, or not at all.
  mutating func settleDefaultPolicy() {
    let key = Self.defaultPolicyKey
    if policies.keys.contains(where: { $0 != key }) { hasHadPolicies = true }
    if settings.hasPolicyKind == true { hasHadPolicyKind = true }
    defer { settleReasonWithoutPolicy() }
    let policy = isDefaultPolicyInForce ? settings.defaultPolicy : nil
    guard policies[key]?.written != policy else { return }
    install(
      policy.map { policy in
        let (checked, faults) = CheckedPolicy.check(policy)
        return PolicyEntry(
          written: policy, inForce: checked, faults: faults, selectsThisNode: false)
      }, key)
  }

  private var isDefaultPolicyInForce: Bool {
    guard !hasHadPolicies, unread[.policy, default: []].isEmpty,
      let hasPolicyKind = settings.hasPolicyKind
    else { return false }
    return settings.isDefaultPolicyExplicit || !hasPolicyKind && !hasHadPolicyKind
  }

  /// Why a Service that no policy selects is not announced: one reason for all of them.
  private mutating func settleReasonWithoutPolicy() {
    let reason: ServiceReason
    if policies.keys.contains(where: { $0 != Self.defaultPolicyKey }) {
      reason = .noPolicySelects
    } else if let files = unread[.policy], !files.isEmpty {
      reason = .policiesUnread(files)
    } else if hasHadPolicies || settings.hasPolicyKind == false && hasHadPolicyKind {
      reason = .policiesGone
    } else if settings.defaultPolicy == nil, settings.hasPolicyKind == false {
      reason = .defaultPolicyOff
    } else {
      reason = .noPolicySelects
    }
    guard reason != reasonWithoutPolicy else { return }
    reasonWithoutPolicy = reason
    for (key, entry) in services where entry.matched.isEmpty { decide(key) }
  }

  /// Puts a policy, or its absence, into force, and decides anew the Services that it touches.
  private mutating func install(_ new: PolicyEntry?, _ key: ObjectKey) {
    let old = policies[key]
    policies[key] = new
    if new?.inForce == old?.inForce {
      policies[key]?.selectsThisNode = old?.selectsThisNode ?? false
      return
    }
    let isSelected = selectsThisNode(new?.inForce)
    policies[key]?.selectsThisNode = isSelected
    settleNodes(of: key)
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
