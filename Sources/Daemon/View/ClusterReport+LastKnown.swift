internal import Control
internal import Lease
internal import Time
internal import Wire

extension ClusterReport {
  /// What this node last heard of the store, where that does not answer: who had what, and who was there.
  func lastKnown(_ failure: StoreFailure, at now: Instant) -> ClusterStatus {
    let view = knowledge.view
    let age = view.heardAt == .distantPast ? nil : Int((now - view.heardAt).milliseconds)
    let addresses = Set(view.holders.keys).union(view.held.keys)
      .union(knowledge.wanted).sorted()
    return ClusterStatus(
      version: knowledge.version, node: knowledge.node,
      store: ClusterStore(
        backend: knowledge.backend, endpoint: knowledge.place, reachable: false, ageMs: age,
        error: failure.text),
      nodes: lastKnownNodes(), addresses: addresses.map(lastKnown(of:)))
  }

  private func lastKnownNodes() -> [ClusterNode] {
    let view = knowledge.view
    var counts = Dictionary(grouping: view.holders.values, by: \.node).mapValues(\.count)
    counts[knowledge.node] = view.held.count
    var sessions = Dictionary(view.holders.values.map { ($0.node, $0.session) }) { first, _ in first
    }
    sessions[knowledge.node] = knowledge.session
    return Set(view.nodes).union([knowledge.node]).sorted().map { name in
      ClusterNode(
        name: name, session: sessions[name]?.text, state: .unknown,
        isSelf: name == knowledge.node, claims: counts[name] ?? 0)
    }
  }

  private func lastKnown(of address: IPAddress) -> ClusterAddress {
    if let claim = knowledge.view.held[address] {
      return ClusterAddress(
        address: address.description, state: .held, holder: knowledge.node,
        session: knowledge.session?.text, epoch: claim.epoch.number,
        reason: knowledge.view.heldWithoutLease.contains(address)
          ? "\(knowledge.node) goes on announcing it without a lease" : nil)
    }
    guard let holder = knowledge.view.holders[address] else {
      return ClusterAddress(address: address.description, state: .unknown)
    }
    return ClusterAddress(
      address: address.description, state: .held, holder: holder.node, session: holder.session.text,
      epoch: holder.epoch == .unknown ? nil : holder.epoch.number)
  }
}
