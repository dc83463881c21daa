internal import Cluster
internal import Wire

/// What a Service shall have.
struct Decision {
  var ingress: [Service.Ingress]
  var gained: [IPAddress] = []
  var released: [Release] = []
  /// Nil where the Service is none of ours.
  var verdict: Verdict?

  var isWaiting: Bool { verdict?.isWaiting ?? false }
}

/// What a Service has, and what becomes of it.
private struct Holdings {
  var kept: [IPAddress] = []
  /// Those of `kept` that it has to give up unless others move on.
  var contested: [Release] = []
  var released: [Release] = []
  /// Why it is left alone; nil where it is not.
  var stranger: String?

  mutating func add(_ address: IPAddress, _ tenure: Tenure) {
    switch tenure {
    case .secure: kept.append(address)
    case .contested(let rival):
      kept.append(address)
      contested.append(Release(address, .keptByAnother(rival)))
    case .void(let rival): release(address, .keptByAnother(rival))
    }
  }

  mutating func release(_ address: IPAddress, _ reason: Release.Reason) {
    released.append(Release(address, reason))
  }

  mutating func giveWay() {
    kept.removeAll { address in contested.contains { $0.address == address } }
    released += contested
  }
}

extension PoolAllocator {
  /// What a Service shall have; nil where that is not to be decided yet.
  ///
  /// - Parameter givesWay: whether it gives up what others have too who ask for something else: they may
  ///   move on instead.
  mutating func decide(_ name: ObjectName, givesWay: Bool) -> Decision? {
    guard let entry = entries[name] else { return Decision(ingress: []) }
    let decision: Decision
    switch entry.standing(settings) {
    case .none: decision = Decision(ingress: entry.service.ingress)
    case .left: decision = leaving(entry)
    case .ours:
      guard let made = deciding(entry, givesWay: givesWay) else { return nil }
      decision = made
    }
    entries[name]?.verdict = decision.verdict
    entries[name]?.intended = decision.ingress
    // Who keeps everything has settled whatever changed about it.
    if decision.released.isEmpty { entries[name]?.disturbed = 0 }
    if decision.verdict?.reason == .foreignAddress {
      entries[name]?.isKnownOurs = false
    } else if decision.verdict != nil {
      if !entry.ingress.isEmpty && !decision.ingress.isEmpty { entries[name]?.isKnownOurs = true }
    } else if decision.released.isEmpty {
      // It has left for good: what it gets from now on is none of our business.
      entries[name]?.isKnownOurs = false
    }
    return decision
  }

  /// Whoever stops being ours gives back what came from pools, and nothing else.
  private func leaving(_ entry: ServiceEntry) -> Decision {
    var decision = Decision(ingress: [])
    let type = entry.service.type ?? "ClusterIP"
    let reason: Release.Reason =
      type == "LoadBalancer"
      ? .foreignClass(entry.service.loadBalancerClass ?? "") : .notLoadBalancer(type: type)
    for (item, address) in zip(entry.service.ingress, entry.ingress) {
      if let address, table.owner(of: address) != nil {
        decision.released.append(Release(address, reason))
      } else {
        decision.ingress.append(item)
      }
    }
    return decision
  }

  private mutating func deciding(_ entry: ServiceEntry, givesWay: Bool) -> Decision? {
    var holdings = holdings(of: entry)
    if let stranger = holdings.stranger {
      return Decision(
        ingress: entry.service.ingress,
        verdict: Verdict(reason: .foreignAddress, message: stranger))
    }
    var (addresses, verdict) = choose(for: entry, having: holdings)
    // Who moves on by itself gives nothing up for others.
    if holdings.contested.contains(where: { addresses.contains($0.address) }) {
      guard givesWay, !isInDoubt(entry, holdings.contested.map(\.address)) else { return nil }
      holdings.giveWay()
      (addresses, verdict) = choose(for: entry, having: holdings)
    }
    verdict.add(entry.requestNote)
    var decision = Decision(ingress: [], released: holdings.released, verdict: verdict)
    for (item, address) in zip(entry.service.ingress, entry.ingress) {
      guard let address else { continue }
      if addresses.contains(address) {
        decision.ingress.append(item)
      } else if !decision.released.contains(where: { $0.address == address }) {
        decision.released.append(Release(address, .asksForOthers(entry.requests)))
      }
    }
    for address in addresses where !entry.has(address) {
      decision.ingress.append(Service.Ingress(ip: "\(address)"))
      decision.gained.append(address)
    }
    return decision
  }

  private func holdings(of entry: ServiceEntry) -> Holdings {
    var holdings = Holdings()
    for (item, address) in zip(entry.service.ingress, entry.ingress) {
      guard let address else {
        let what = item.hostname.flatMap { $0.isEmpty ? nil : "host name \($0)" }
        holdings.stranger =
          "its load balancer has the \(what ?? "address '\(item.ip ?? "")'"), which is no address "
          + "of a pool and is left to whoever wrote it"
        return holdings
      }
      let pools = table.pools(with: address)
      if pools.isEmpty {
        guard entry.isMarked else {
          holdings.stranger =
            "\(address) lies in no pool and is left to whoever wrote it"
          return holdings
        }
        // A slip of the hand in a pool must not take away what it has given.
        if table.hasUnreadableBlocks {
          holdings.add(address, tenure(of: entry, to: address))
        } else {
          holdings.release(address, .inNoPool)
        }
      } else if pools.contains(where: { table.states[$0].selects(entry.service) }) {
        // Whatever its family: somebody gave it, and clients know it.
        holdings.add(address, tenure(of: entry, to: address))
      } else {
        holdings.release(address, .notSelected(pool: table.states[pools[0]].name))
      }
    }
    return holdings
  }

  /// All addresses that the Service shall have, and how it stands.
  private mutating func choose(
    for entry: ServiceEntry, having holdings: Holdings
  ) -> ([IPAddress], Verdict) {
    let kept = holdings.kept
    let lost = holdings.released.map(\.address)
    if let fault = entry.requestFault {
      return (kept, Verdict(reason: .invalidRequest, message: fault))
    }
    if entry.requests.isEmpty { return complete(entry, kept, lost: lost, families: entry.families) }
    for address in entry.requests where !kept.contains(address) {
      if let refusal = refusal(of: address, to: entry) {
        return (
          kept, Verdict(reason: refusal.reason, message: refusal.message, isWaiting: true)
        )
      }
    }
    // Only this policy wants a family that nobody asked an address of.
    let unasked =
      entry.service.allocation.familyPolicy == .requireDualStack
      ? entry.families.filter { family in !entry.requests.contains { IPFamily($0) == family } } : []
    // The request says nothing about addresses of a family that it does not name.
    let others = kept.filter { address in
      !entry.requests.contains { IPFamily($0) == IPFamily(address) }
    }
    let (rest, verdict) = complete(entry, others, lost: lost, families: unasked)
    if verdict.reason != .satisfied { return (kept, verdict) }
    return (entry.requests + rest, verdict)
  }

  /// Adds an address of each family that is missing.
  private mutating func complete(
    _ entry: ServiceEntry, _ kept: [IPAddress], lost: [IPAddress], families: [IPFamily]
  ) -> ([IPAddress], Verdict) {
    var addresses = kept
    var failures: [(family: IPFamily, refusal: Refusal)] = []
    for family in families where !kept.contains(where: { IPFamily($0) == family }) {
      switch give(family, to: entry, except: lost) {
      case .success(let address): addresses.append(address)
      case .failure(let refusal): failures.append((family, refusal))
      }
    }
    guard let first = failures.first else { return (addresses, Verdict()) }
    switch entry.service.allocation.familyPolicy {
    case .preferDualStack where !addresses.isEmpty:
      return (addresses, Verdict(isWaiting: true))
    case .requireDualStack:
      // Both or none: what it has already, it keeps.
      let message = "RequireDualStack needs \(first.family) as well: \(first.refusal.message)"
      let both = failures.count > 1 ? first.refusal.message : message
      return (kept, Verdict(reason: first.refusal.reason, message: both, isWaiting: true))
    case .singleStack, .preferDualStack:
      return (
        addresses,
        Verdict(reason: first.refusal.reason, message: first.refusal.message, isWaiting: true)
      )
    }
  }
}
