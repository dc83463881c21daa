internal import Lease
internal import SeededRandom
internal import Time

/// What goes wrong, and how it comes right again.
extension Simulation {
  func begin(_ number: Int) {
    let fault = plan.faults[number]
    guard !isCalm, happen(fault, number) else { return }
    activeFaults[number] = true
    statistics.faults[fault.kind.name, default: 0] += 1
    note(fault.kind.node.map { nodes[$0] }, "FAULT \(fault.kind) until \(fault.until)")
    queue.add(.faultEnds(number), at: fault.until)
    if let node = fault.kind.node { reroute(nodes[node]) }
  }

  /// False where it cannot happen: to a process that is not there, or that does not run already.
  private func happen(_ fault: Fault, _ number: Int) -> Bool {
    let node = fault.kind.node.map { nodes[$0] }
    switch fault.kind {
    case .crash:
      guard let node, node.isAwake else { return false }
      node.stop(at: now)
      if random.chance(25), nodes.count(where: { !$0.isDown }) > 1 { node.isDown = true }
    case .shutDown:
      guard let node, node.isAwake, !node.isShuttingDown else { return false }
      node.isShuttingDown = true
      wakeCoordinator(node)
    case .freeze, .suspend, .pause:
      guard let node, node.isAwake else { return false }
      hold(node, fault)
    case .stallDriver, .stallCoordinator, .stallBoth:
      guard let node, node.isAwake, !node.isShuttingDown else { return false }
      stall(node, fault)
    case .wallStep(_, let by):
      guard let node, node.isAwake else { return false }
      node.wallOffset += by
      queue.add(
        .input(node: node.index, process: node.process, .confirmOwnership),
        at: min(now + random.within(0...Int64.second), plan.calmAt))
    case .losesRequests, .losesAnswers, .delaysRequests, .delaysAnswers, .cutsWatch, .delaysWatch,
      .isolates:
      break
    case .drain, .ineligible:
      guard let node else { return false }
      changeEligibility(node, adding: fault.kind)
    case .handOver(let address, let other):
      guard let holder = nodes.first(where: { $0.epoch(of: plan.addresses[address]) != nil }) else {
        return false
      }
      post(.handOver(plan.addresses[address], to: other.map { nodes[$0].name }), holder)
    case .revoke, .deleteClaim, .overwriteClaim: return operate(fault.kind)
    case .storeElection(let refuses, let rate):
      guard !isElecting, storeAway == nil else { return false }
      isElecting = true
      electionRefuses = refuses
      store.clock.change(rate: rate, at: now)
    case .storeAway(let refuses, let isDown):
      guard !isElecting, storeAway == nil else { return false }
      storeAway = (refuses, isDown)
      for node in nodes { node.isDeaf = true }
    }
    return true
  }

  func end(_ number: Int) {
    guard activeFaults[number], !plan.faults[number].isPermanent else { return }
    activeFaults[number] = false
    let fault = plan.faults[number]
    let node = fault.kind.node.map { nodes[$0] }
    note(node, "\(fault.kind.name) is over")
    switch fault.kind {
    case .crash, .shutDown:
      guard let node, !node.isDown, node.hold == nil else { break }
      // What does not end in time is killed.
      if node.isRunning { node.stop(at: now) }
      start(node)
    case .freeze, .suspend, .pause: release(node!)
    case .stallDriver, .stallCoordinator, .stallBoth: resume(node!, node!.process)
    case .drain, .ineligible: changeEligibility(node!, adding: nil)
    case .storeElection:
      isElecting = false
      promoteLeader()
      // A watch on a member that was cut off ends with it.
      for node in nodes where node.isWatching && random.chance(50) {
        node.isDeaf = true
        reconnect(node)
      }
    case .storeAway(_, let isDown):
      storeAway = nil
      if isDown { promoteLeader() }
      for node in nodes { reconnect(node) }
    default: break
    }
    if let node { reroute(node) }
  }

  private func hold(_ node: SimulatedNode, _ fault: Fault) {
    switch fault.kind {
    case .suspend:
      node.hold = .suspended
      if weaknesses.contains(.monotonicClock) { node.clock.stop(at: now) }
    case .pause:
      node.hold = .paused
      node.clock.stop(at: now)
      node.boot.stop(at: now)
    default: node.hold = .frozen
    }
    node.heldSince = now
    node.heldUntil = fault.until
  }

  /// The process goes on. Its answering thread may be first; after a pause of the machine, whoever
  /// noticed it is.
  private func release(_ node: SimulatedNode) {
    let was = node.hold
    if now - node.heldSince > plan.timeToLive * 3 / 10 { node.longHoldEndedAt = now }
    node.hold = nil
    node.heldUntil = now
    if was == .suspended || was == .paused {
      node.clock.start(at: now)
      node.boot.start(at: now)
      if was == .paused {
        // The time of day may be set right. What has waited reaches the kernel only now.
        if random.chance(50) { node.wallOffset += now - node.heldSince }
        for index in node.socket.indices { node.socket[index].at = now }
        if !weaknesses.contains(.unnoticedPause), node.isRunning {
          node.driverStallsUntil = now
          node.coordinatorStallsUntil = min(node.coordinatorStallsUntil, now)
          deliver(.confirmOwnership, to: node.index, node.process)
          wakeCoordinator(node)
          coordinate(node, node.process)
        }
      }
    }
    guard node.isRunning else { return }
    drainSocket(node)
    let late: Int64 = random.chance(80) ? 5 * .millisecond : 100 * .millisecond
    let loops = now + random.within(0...late)
    // Inputs that come before the loop has caught up wait behind those that came before.
    node.driverStallsUntil = max(node.driverStallsUntil, loops)
    node.coordinatorStallsUntil = max(node.coordinatorStallsUntil, loops)
    for at in Set([loops, node.driverStallsUntil, node.coordinatorStallsUntil]).sorted() {
      queue.add(.resume(node: node.index, process: node.process), at: at)
    }
  }

  private func stall(_ node: SimulatedNode, _ fault: Fault) {
    if case .stallCoordinator = fault.kind {
    } else {
      node.driverStallsUntil = max(node.driverStallsUntil, fault.until)
    }
    if case .stallDriver = fault.kind {
    } else {
      node.coordinatorStallsUntil = max(node.coordinatorStallsUntil, fault.until)
    }
  }

  private func operate(_ kind: Fault.Kind) -> Bool {
    switch kind {
    case .revoke(let node):
      guard let session = store.sessions.lastIndex(where: { $0.isLive && $0.owner.node == node })
      else { return false }
      let owner = store.sessions[session].owner
      let held = plan.addresses.indices.filter {
        store.claims[$0]?.session == store.sessions[session].id
      }
      store.end(session)
      for address in held { excuse(owner, store.sessions[session].id, for: address) }
    case .deleteClaim(let address):
      guard let claim = store.claims[address] else { return false }
      store.free(address)
      if let owner = claim.owner { excuse(owner, claim.session, for: address) }
    case .overwriteClaim(let address):
      guard let claim = store.claims[address] else { return false }
      store.overwrite(address, at: now)
      if let owner = claim.owner { excuse(owner, claim.session, for: address) }
    default: return false
    }
    publish()
    return true
  }
}
