internal import Lease
internal import Reconciler
internal import Time
internal import Wire

/// lease.md I4 and I5: some time after the last fault everything is as it should be, and stays so.
extension Simulation {
  /// A session that nobody closes ends with its TTL, on the slowest clock; then names are free again,
  /// pauses of a second or two have to pass, and claims to be asked for.
  private var patience: Int64 { plan.timeToLive * 2 + (plan.policy.rebalances ? 120 : 6) * .second }

  func inspect() {
    if let complaint = complaint() {
      if settledAt != nil || now - plan.calmAt > patience {
        return violate(complaint.invariant, complaint.text)
      }
    } else if settledAt == nil {
      settledAt = now
      // Where addresses are moved, they may be moved again.
      inspectedAt = plan.policy.rebalances ? now : now + plan.timeToLive / 2
      statistics.longestRecovery = (now - plan.calmAt, plan.seed)
    }
    queue.add(.inspect, at: now + 100 * .millisecond)
  }

  /// What is not as it should be; nil where everything is.
  private func complaint() -> (invariant: Violation.Invariant, text: String)? {
    for node in nodes where node.isRunning {
      switch node.reconciler.view.session {
      case .open(let id):
        guard store.position(of: id) != nil else {
          return (.convergence, "\(label(node)) has a session that the store does not know")
        }
        guard node.confirmedAt >= plan.calmAt else {
          return (.convergence, "\(label(node)) has not renewed its session")
        }
      case .waiting(let other)
      where nodes.contains {
        $0 !== node && $0.isRunning && $0.name == node.name
          && $0.reconciler.view.session == .open(other.id)
      }: break
      default: return (.convergence, "\(label(node)) has no session")
      }
    }
    for session in store.sessions where session.isLive {
      let node = nodes[session.owner.node]
      guard node.isRunning, node.reconciler.view.session == .open(session.id) else {
        return (.convergence, "\(session.id) of \(session.node) is left behind in the store")
      }
    }
    if let left = plan.addresses.indices.first(where: {
      // One for an address that nobody can serve waits for somebody who can.
      store.preferences[$0] != nil && store.claims[$0] != nil
    }) {
      return (.convergence, "a preference for \(plan.addresses[left]) is left behind")
    }
    for address in plan.addresses.indices {
      if let complaint = complaint(about: address) { return complaint }
    }
    return nil
  }

  private func complaint(about number: Int) -> (invariant: Violation.Invariant, text: String)? {
    let address = plan.addresses[number]
    let able = nodes.filter {
      $0.isRunning && $0.reconciler.view.session.isOpen && serves($0, number)
    }
    let answering = nodes.filter { isAnswering(number, $0) }
    guard !able.isEmpty else {
      if let claim = store.claims[number] {
        return (.convergence, "\(claim.node) has \(address), and cannot serve it")
      }
      return answering.isEmpty ? nil : (.liveness, "\(address) is answered, and nobody serves it")
    }
    guard answering.count == 1 else {
      return (.liveness, "\(address) is answered by \(answering.count) nodes")
    }
    let owner = answering[0]
    guard let claim = store.claims[number], claim.owner == owner.owner,
      owner.reconciler.view.held[address]?.epoch == claim.epoch
    else { return (.convergence, "\(label(owner)) answers \(address) without its claim") }
    for node in nodes where node !== owner && node.isRunning && node.reconciler.view.session.isOpen
    {
      guard node.reconciler.view.holders[address] == store.holder(of: number),
        node.reconciler.view.held[address] == nil
      else {
        let believed =
          node.reconciler.view.holders[address].map { "\($0.node) \($0.epoch)" } ?? "nobody"
        return (
          .convergence,
          "\(label(node)) believes that \(believed) has \(address), not \(claim.node) \(claim.epoch)"
        )
      }
    }
    return nil
  }

  private func isAnswering(_ number: Int, _ node: SimulatedNode) -> Bool {
    node.isAwake && refusal(number, node, timestamp: node.wall(at: now), at: now) == nil
  }
}

extension SessionState {
  fileprivate var isOpen: Bool { if case .open = self { true } else { false } }
}
