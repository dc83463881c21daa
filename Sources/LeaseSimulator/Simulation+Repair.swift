internal import SeededRandom

/// What follows from the faults that are in force.
extension Simulation {
  /// The way between a node and the store as all present faults make it.
  func reroute(_ node: SimulatedNode) {
    var path = node.path.healthy
    for number in plan.faults.indices where activeFaults[number] {
      let kind = plan.faults[number].kind
      guard kind.node == node.index else { continue }
      switch kind {
      case .losesRequests(_, let percent, let refuses):
        path.requestLoss = max(path.requestLoss, percent)
        path.isRefusing = path.isRefusing || refuses && percent == 100
      case .losesAnswers(_, let percent):
        path.answerLoss = max(path.answerLoss, percent)
        path.isWatchCut = path.isWatchCut || percent == 100
      case .delaysRequests(_, let most): path.requestDelay = max(path.requestDelay, most)
      case .delaysAnswers(_, let most): path.answerDelay = max(path.answerDelay, most)
      case .cutsWatch: path.isWatchCut = true
      case .delaysWatch(_, let most): path.watchDelay = max(path.watchDelay, most)
      case .isolates:
        path.requestLoss = 100
        path.answerLoss = 100
        path.isWatchCut = true
      default: break
      }
    }
    let wasCut = node.path.isWatchCut
    node.path = path
    if path.isWatchCut { node.isDeaf = true }
    if wasCut && !path.isWatchCut { reconnect(node) }
  }

  /// A watch that ended is set up again.
  func reconnect(_ node: SimulatedNode) {
    queue.add(
      .listen(node: node.index, process: node.process),
      at: now + latency(node) + random.within(0...500 * .millisecond))
  }

  /// What a node can serve now: `adding` is about to begin.
  func changeEligibility(_ node: SimulatedNode, adding new: Fault.Kind?) {
    var isDrained = false
    var isEligible = plan.nodes[node.index].isEligible
    func take(_ kind: Fault.Kind) {
      switch kind {
      case .drain(node.index): isDrained = true
      case .ineligible(node.index, let addresses):
        for address in addresses { isEligible[address] = false }
      default: break
      }
    }
    for number in plan.faults.indices where activeFaults[number] {
      take(plan.faults[number].kind)
    }
    if let new { take(new) }
    node.isDrained = isDrained
    node.isEligible = isEligible
    node.isServiceNews = true
    if node.isRunning { wakeCoordinator(node) }
  }

  /// All faults are over: what is left of them is put right.
  func calm() {
    for number in plan.faults.indices { end(number) }
    isCalm = true
    for address in plan.addresses.indices {
      if let claim = store.claims[address], claim.owner == nil { store.free(address) }
    }
    publish()
    note(nil, "the faults are over")
    queue.add(.inspect, at: now + Self.aftermath + 100 * .millisecond)
  }
}
