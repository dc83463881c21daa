internal import Lease
internal import SeededRandom
internal import Time
internal import Wire

/// The way to the store, the store, and the way back.
extension Simulation {
  func send(_ call: Call, from node: SimulatedNode) {
    note(node, "asks: \(describe(call))")
    if case .open = call.request, !node.isWatching {
      node.isWatching = true
      queue.add(.listen(node: node.index, process: node.process), at: now + latency(node))
    }
    let path = node.path
    let request = Request(node: node.index, process: node.process, call: call, sentAt: now)
    if path.isRefusing {
      return fail(request, .unreachable, after: latency(node))
    }
    if random.chance(path.requestLoss) { return lose(request) }
    queue.add(.request(request), at: now + delay(node, path.requestDelay))
  }

  /// A request reaches the store.
  func arrive(_ request: Request) {
    if let storeAway {
      return storeAway.refuses
        ? fail(request, .unreachable, after: latency(nodes[request.node])) : lose(request)
    }
    if isElecting {
      return electionRefuses
        ? fail(request, .unavailable, after: latency(nodes[request.node]))
        : waiting.append(request)
    }
    serve(request)
  }

  func serve(_ request: Request) {
    let before = store.sessions.count
    let outcome = store.perform(request, at: now)
    if store.sessions.count > before { watchExpiry(of: before) }
    publish()
    let path = nodes[request.node].path
    if random.chance(path.answerLoss) { return lose(request) }
    answer(request, outcome, after: delay(nodes[request.node], path.answerDelay))
  }

  private func answer(_ request: Request, _ outcome: Outcome, after delay: Int64) {
    queue.add(
      .input(
        node: request.node, process: request.process,
        .outcome(outcome, request.call, sentAt: request.sentAt)), at: now + delay)
  }

  private func fail(_ request: Request, _ kind: StoreFailure.Kind, after delay: Int64) {
    answer(request, .failed(StoreFailure(kind, kind.rawValue)), after: delay)
  }

  /// The client may say so when its time is over; the election has its own watch on that.
  private func lose(_ request: Request) {
    note(nodes[request.node], "lost: \(describe(request.call))")
    guard random.chance(30) else { return }
    let within = nodes[request.node].clock.trueSpan(request.call.within.nanoseconds)
    let failedAt = max(now, request.sentAt + within)
    fail(request, .timedOut, after: failedAt - now)
  }

  /// Tells the watches what happened, and looks at everybody who might still send what is not theirs.
  func publish() {
    let (changes, touched) = store.takeNews()
    guard !changes.isEmpty else { return }
    note(nil, changes.map(describe).joined(separator: ", "))
    let revision = store.revision
    for node in nodes where node.isWatching && !node.isDeaf {
      node.lastNewsAt = max(node.lastNewsAt, now + delay(node, node.path.watchDelay))
      queue.add(
        .input(
          node: node.index, process: node.process, .changes(changes, revision: revision)),
        at: node.lastNewsAt)
    }
    for address in touched {
      statistics.transitions += 1
      for node in nodes { probe(address, at: node) }
    }
  }

  /// The watch is connected (again). What it missed is not told, only that it may have.
  func listen(_ node: SimulatedNode, _ process: Int) {
    guard node.process == process, node.isRunning, node.isWatching, node.isDeaf else { return }
    guard !node.path.isWatchCut, storeAway == nil else { return }
    node.isDeaf = false
    node.listensFrom = store.revision
    node.lastNewsAt = max(node.lastNewsAt, now + latency(node))
    queue.add(
      .input(
        node: node.index, process: process, .changes([.missed], revision: 0)),
      at: node.lastNewsAt)
  }

  func watchExpiry(of session: Int) {
    let late = random.within(0...plan.expiryLateness)
    let due = store.clock.moment(of: store.sessions[session].expiresAt, from: now)
    queue.add(.expiry(session: session), at: due == .never ? due : due + late)
  }

  func expire(_ session: Int) {
    guard store.sessions[session].isLive, !isElecting, storeAway?.isDown != true else { return }
    guard store.sessions[session].expiresAt <= store.clock.reading(at: now) else {
      return watchExpiry(of: session)
    }
    note(nil, "\(store.sessions[session].id) of \(store.sessions[session].node) has expired")
    probeSlowFrames(of: session)
    store.end(session)
    publish()
  }

  /// Every session gets a full TTL (a new leader cannot know how much of it was left), and what waited
  /// is served.
  func promoteLeader() {
    for session in store.sessions.indices where store.sessions[session].isLive {
      store.renew(session, at: now)
      watchExpiry(of: session)
    }
    let waiting = waiting
    self.waiting = []
    for request in waiting { serve(request) }
  }

  /// How long after the last fault a message may still be late.
  static let aftermath = Int64.second / 2

  func latency(_ node: SimulatedNode) -> Int64 {
    node.path.latency / 2 + random.within(0...node.path.latency)
  }

  private func delay(_ node: SimulatedNode, _ most: Int64) -> Int64 {
    let least = latency(node)
    guard !isCalm else { return least }
    var delay = least
    if most > 0 { delay += random.within(0...most) }
    if random.chance(plan.stragglers) {
      delay += random.within(0...2 * plan.timeToLive)
    }
    // Soon after the faults nothing of them is under way any more.
    return min(delay, max(least, plan.calmAt + Self.aftermath - now))
  }
}
