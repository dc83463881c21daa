internal import Lease
internal import SeededRandom
internal import Time
internal import Wire

/// What `Coordinator` does, in its order: on gain arm, then announce; on loss disarm, and only then let
/// the election give the claim away.
extension Simulation {
  func wakeCoordinator(_ node: SimulatedNode) {
    guard !node.isCoordinating else { return }
    node.isCoordinating = true
    let late: Int64 = random.chance(90) ? 100 * .microsecond : 5 * .millisecond
    queue.add(
      .coordinate(node: node.index, process: node.process), at: now + random.within(0...late))
  }

  func coordinate(_ node: SimulatedNode, _ process: Int) {
    guard node.process == process, node.isAwake, node.isCoordinating else { return }
    // It is woken again when it may go on.
    guard now >= node.coordinatorStallsUntil else { return }
    node.isCoordinating = false
    if let view = node.mail {
      node.mail = nil
      accept(view, node)
    }
    settle(node)
    settleExcuses(node)
  }

  private func accept(_ view: LeaseView, _ node: SimulatedNode) {
    var renewed = node.view
    renewed.deadline = view.deadline
    renewed.lastRenewal = view.lastRenewal
    renewed.confirmedAt = view.confirmedAt
    renewed.errors = view.errors
    let isRenewal = renewed == view
    node.view = view
    if isRenewal { followDeadline(node) } else { node.isStale = true }
  }

  private func settle(_ node: SimulatedNode) {
    if node.isStale {
      node.isStale = false
      if weaknesses.contains(.releaseFirst) {
        compete(node)
        giveUp(node)
        queue.add(
          .coordinateLater(node: node.index, process: node.process),
          at: now + random.within(0...20 * .millisecond))
      } else {
        arm(node)
        compete(node)
        giveUp(node)
      }
    }
    if !node.view.heldWithoutLease.isEmpty, !node.isAsking {
      node.isAsking = true
      askTheLAN(node, node.process)
    }
    if node.isShuttingDown { shutDown(node) }
  }

  /// With `releaseFirst`, the half that should have come first.
  func disarmLate(_ node: SimulatedNode, _ process: Int) {
    guard node.process == process, node.isAwake else { return }
    if node.isShuttingDown { node.responder.silence(at: now) } else { arm(node) }
  }

  private func arm(_ node: SimulatedNode) {
    var wanted: [IPAddress: Epoch] = [:]
    for (address, claim) in node.view.held
    where !node.view.yielding.contains(address) && serves(node, store.number(of: address)) {
      // It may be being released just now, in a state of affairs that the view does not know of yet.
      if let told = node.dropped[address], told > node.view.competitions { continue }
      wanted[address] = claim.epoch
    }
    guard wanted != node.armed else { return followDeadline(node) }
    note(node, "arms \(wanted.count) of \(node.view.held.count) held")
    let before = node.armed
    node.armed = wanted
    node.armedSince = node.armedSince.filter { wanted[$0.key] != nil }
    for address in wanted.keys where before[address] == nil { node.armedSince[address] = now }
    // A doubt comes first: what is armed from here on is armed behind a shut gate.
    if node.view.deadline < node.deadline { followDeadline(node) }
    node.responder.replace(
      wanted.keys, deadline: node.view.deadline, now: node.clock.reading(at: now), at: now)
    probeArmed(node)
    followDeadline(node)
    for address in plan.addresses.indices {
      let claim = plan.addresses[address]
      guard let epoch = wanted[claim], before[claim] != epoch else { continue }
      announce(address, node, node.process)
      queue.add(
        .announce(node: node.index, process: node.process, address: address),
        at: now + random.within(0...plan.timeToLive))
    }
  }

  private func followDeadline(_ node: SimulatedNode) {
    let wasOpen = node.responder.isOpenUntil > node.clock.reading(at: now)
    if node.view.deadline < node.deadline {
      note(node, "shuts the gate")
      node.responder.shut(at: now)
    } else if node.view.deadline > node.deadline {
      node.responder.extend(to: node.view.deadline, now: node.clock.reading(at: now))
      if !wasOpen { probeArmed(node) }
    }
    node.deadline = node.view.deadline
  }

  private func compete(_ node: SimulatedNode) {
    var candidates: Set<IPAddress> = []
    for address in plan.addresses.indices where serves(node, address) {
      candidates.insert(plan.addresses[address])
    }
    guard candidates != node.candidates else { return }
    node.competitions += 1
    node.dropped = node.dropped.filter { $0.value > node.view.competitions }
    for address in (node.candidates ?? []).subtracting(candidates) {
      node.dropped[address] = node.competitions
    }
    node.candidates = candidates
    post(.compete(candidates), node)
  }

  /// What was armed no more may be released.
  private func giveUp(_ node: SimulatedNode) {
    let yielded = node.view.yielding.subtracting(node.givenUp)
    node.givenUp = node.view.yielding
    if !yielded.isEmpty { post(.giveUp(yielded), node) }
  }

  private func shutDown(_ node: SimulatedNode) {
    if weaknesses.contains(.releaseFirst) {
      queue.add(
        .coordinateLater(node: node.index, process: node.process),
        at: now + random.within(0...20 * .millisecond))
    } else {
      note(node, "falls silent")
      node.responder.silence(at: now)
      node.armed = [:]
    }
    post(.shutDown, node)
    // The coordinator has ended.
    node.coordinatorStallsUntil = .never
  }

  func post(_ input: Input, _ node: SimulatedNode) {
    queue.add(
      .input(node: node.index, process: node.process, input),
      at: now + random.within(0...100 * .microsecond))
  }

  func serves(_ node: SimulatedNode, _ address: Int) -> Bool {
    node.isEligible[address] && !node.isDrained
  }
}
