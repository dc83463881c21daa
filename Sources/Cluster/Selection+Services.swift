internal import Announcer
internal import Wire

extension ServiceDecision {
  /// Whether nothing of it shows.
  var isEmpty: Bool { wishes.isEmpty && reasons.isEmpty }
}

extension Selection {
  mutating func update(_ service: Service, _ key: ObjectKey) {
    // What others decide on is not kept, so that it changes nothing here when it changes.
    var service = service
    service.allocation = Service.Allocation()
    let old = services[key]
    if old?.service == service { return }
    let isSelectedAsBefore = old?.service.labels == service.labels
    let matched = isSelectedAsBefore ? old?.matched ?? [] : policiesMatching(service)
    // What people are told about it may have changed with it.
    if old?.service.place != service.place || old?.service.uid != service.uid { revision += 1 }
    services[key] = ServiceEntry(
      service: service, matched: matched, decision: old?.decision ?? ServiceDecision())
    decide(key)
  }

  mutating func update(_ slice: EndpointSlice, _ key: ObjectKey) {
    guard let name = slice.service else { return removeSlice(key) }
    let service = ObjectName(slice.name.namespace, name)
    if let before = servicesOfSlices[key], before != service { removeSlice(key) }
    let nodes = SliceNodes(slice) { name in
      let (_, shared) = nodeNames.insert(name)
      return shared
    }
    servicesOfSlices[key] = service
    guard endpoints[service, default: [:]].updateValue(nodes, forKey: key) != nodes else { return }
    decide(service)
  }

  mutating func removeSlice(_ key: ObjectKey) {
    guard let service = servicesOfSlices.removeValue(forKey: key) else { return }
    endpoints[service]?[key] = nil
    if endpoints[service]?.isEmpty == true { endpoints[service] = nil }
    decide(service)
  }

  /// The policies whose selector holds for a Service, in order.
  func policiesMatching(_ service: Service) -> [ObjectKey] {
    policies.filter { $0.value.inForce?.services.hold(for: service) ?? false }.keys.sorted()
  }

  private mutating func decide(_ service: ObjectName) {
    for source in [ObjectSource.kubernetes, .manifests] { decide(ObjectKey(service, source)) }
  }

  /// Decides one Service anew.
  mutating func decide(_ key: ObjectKey) {
    guard let entry = services[key] else { return }
    let decision = decision(on: entry, source: key.source)
    guard decision != entry.decision else { return }
    services[key]?.decision = decision
    revision += 1
  }

  private func decision(on entry: ServiceEntry, source: ObjectSource) -> ServiceDecision {
    let service = entry.service
    if service.isBeingDeleted { return ServiceDecision(reasons: [.beingDeleted]) }
    if service.type == "ExternalName" { return ServiceDecision(reasons: [.externalName]) }
    if let name = service.loadBalancerClass, !name.isEmpty,
      !settings.loadBalancerClasses.contains(name)
    {
      return ServiceDecision(reasons: [.foreignClass(name)])
    }
    let addresses = ServiceAddresses(service, countsRequested: source == .manifests)
    var decision = ServiceDecision(reasons: addresses.reasons)
    if entry.matched.isEmpty {
      decision.reasons.append(reasonWithoutPolicy)
      return decision
    }
    let ready = service.isLocal ? self.ready(service.name) : nil
    for kind in [AddressKind.loadBalancer, .external] {
      let ofKind = kind == .loadBalancer ? addresses.loadBalancer : addresses.external
      if ofKind.isEmpty { continue }
      let policies = entry.matched.filter { self.policies[$0]?.inForce?.announces(kind) ?? false }
      if policies.isEmpty {
        decision.reasons.append(
          .kindNotAnnounced(kind, policies: entry.matched.map(self.name(ofPolicy:))))
        continue
      }
      // One for each family where endpoints decide, else one for all.
      var known: [IPFamily?: ServiceDecision.Terms] = [:]
      for address in ofKind {
        let family = ready == nil ? nil : IPFamily(address)
        let serving = ready?[IPFamily(address), default: []]
        let terms = known[family] ?? self.terms(of: policies, ready: serving)
        known[family] = terms
        if let position = decision.wishes.firstIndex(where: { $0.address == address }) {
          // Of both kinds: whoever wants either wants it.
          let all = Set(decision.wishes[position].policies + policies).sorted()
          decision.wishes[position].policies = all
          decision.wishes[position].terms = self.terms(of: all, ready: serving)
        } else {
          decision.wishes.append(
            ServiceDecision.Wish(
              address: address, isLoadBalancer: kind == .loadBalancer, policies: policies,
              terms: terms))
        }
      }
    }
    decision.wishes.sort { $0.address < $1.address }
    return decision
  }

  /// Where endpoints of a Service answer, by the family of the addresses that lead to them.
  private func ready(_ service: ObjectName) -> [IPFamily: [ReadyNodes]] {
    guard let slices = endpoints[service]?.values else { return [:] }
    // A slice that is not understood may have endpoints that are ready.
    let countsDraining = unread[.endpointSlice]?.isEmpty ?? true
    return [
      .ipv4: slices.serving(.ipv4, countsDraining: countsDraining),
      .ipv6: slices.serving(.ipv6, countsDraining: countsDraining),
    ]
  }

  /// - Parameter ready: where endpoints of the address's family answer; nil where that does not matter.
  private func terms(
    of policies: [ObjectKey], ready: [ReadyNodes]?
  ) -> ServiceDecision.Terms {
    func blocked(_ reason: BlockReason) -> ServiceDecision.Terms {
      ServiceDecision.Terms(patterns: [], obstacle: reason)
    }
    // First what holds on every node: it explains more than what is true of this one.
    if let ready, ready.isEmpty { return blocked(.noEndpoint) }
    let here = policies.filter { self.policies[$0]?.selectsThisNode ?? false }
    if let reason = standing.obstacle, standing.isUnknown { return blocked(reason) }
    if let name = excludedEverywhere(policies) { return blocked(.everyNodeExcluded(name: name)) }
    if here.isEmpty { return blocked(selectedElsewhere(policies)) }
    if let obstacle = standing.obstacle { return blocked(obstacle) }
    if let ready, !ready.contains(where: { $0.contains(settings.node) }) {
      return blocked(.noLocalEndpoint)
    }
    if let departure = standing.departure, hasSuccessor(for: policies, ready: ready) {
      return blocked(departure)
    }
    return ServiceDecision.Terms(patterns: patterns(of: here), obstacle: nil)
  }

  /// Whether a node that stays may take over what these policies want. Without one a leaving node goes
  /// on: a cluster whose nodes are all cordoned still serves.
  private func hasSuccessor(
    for policies: [ObjectKey], ready: [ReadyNodes]?
  ) -> Bool {
    guard let successors else { return false }
    // What is not understood may be a node that takes over, or an endpoint there.
    if unread[.node]?.isEmpty == false || ready != nil && unread[.endpointSlice]?.isEmpty == false {
      return true
    }
    return policies.contains { policy in
      guard let nodes = successors[policy], !nodes.isEmpty else { return false }
      guard let ready else { return true }
      return ready.contains { $0.isEverywhere || !nodes.isDisjoint(with: $0.nodes) }
    }
  }

  /// The patterns of several policies, joined by "or". One that has none asks for every interface.
  private func patterns(of policies: [ObjectKey]) -> [InterfacePattern] {
    let lists = policies.compactMap { self.policies[$0]?.inForce?.patterns }
    // Most policies agree, and then there is one array for all.
    if lists.dropFirst().allSatisfy({ $0 == lists[0] }) { return lists[0] }
    if lists.contains(where: \.isEmpty) { return [] }
    return Set(lists.joined()).sorted { $0.text < $1.text }
  }

  func name(ofPolicy key: ObjectKey) -> String {
    key == Self.defaultPolicyKey ? "default" : key.name.name
  }
}
