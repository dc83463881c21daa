internal import Lease
internal import SeededRandom
internal import Time
internal import Wire

/// What `LeaseDriver` does: one queue of inputs, one loop, the newest view for whoever reads it.
extension Simulation {
  func start(_ node: SimulatedNode) {
    node.start(at: now)
    for address in plan.addresses.indices { excuses[node.index][address] = nil }
    note(node, "starts")
    queue.add(
      .input(node: node.index, process: node.process, .tick), at: now + random.within(0...1000))
    wakeCoordinator(node)
  }

  func deliver(_ input: Input, to index: Int, _ process: Int) {
    let node = nodes[index]
    guard node.process == process, node.isRunning else { return }
    guard node.isAwake, now >= node.driverStallsUntil else { return node.backlog.append(input) }
    handle(input, node)
  }

  private func handle(_ input: Input, _ node: SimulatedNode) {
    let local = node.clock.reading(at: now)
    switch input {
    case .compete(let addresses):
      note(node, "competes for \(addresses.count)")
      node.election.compete(for: addresses, at: local)
    case .handOver(let address, let other):
      note(node, "is to hand \(address) over to \(other ?? "anybody")")
      node.election.handOver(address, to: other, at: local)
    case .giveUp(let addresses):
      note(node, "gives up \(addresses.sorted())")
      node.election.giveUp(addresses, at: local)
    case .hear(let address):
      note(node, "hears another assert \(address)")
      node.election.hear(address, at: local)
    case .asked: node.election.noteAsked(at: local)
    case .verify:
      note(node, "reads the store")
      node.election.verify(at: local)
    case .confirmOwnership:
      note(node, "confirms ownership")
      node.election.confirmOwnership(at: local)
    case .shutDown: node.election.shutDown(at: local)
    case .changes(let changes, let revision):
      note(node, "hears \(changes.map(describe).joined(separator: ", "))")
      node.election.update(changes, at: local)
      hear(revision, node)
    case .outcome(let outcome, let call, let sentAt):
      note(node, "is answered \(describe(outcome)) to \(describe(call))")
      node.election.report(outcome, of: call, at: local)
      hear(outcome, of: call, sentAt: sentAt, node)
    case .tick:
      if let tick = node.tick, tick <= local { node.tick = nil }
    }
    follow(node, local)
  }

  /// Takes steps until there is nothing to do but wait, then publishes the view.
  private func follow(_ node: SimulatedNode, _ local: Instant) {
    var isFinished = false
    steps: while true {
      switch node.election.next(at: local) {
      case .finished:
        isFinished = true
        break steps
      case .call(let call): send(call, from: node)
      case .wait(.distantFuture): break steps
      case .wait(let due):
        if let tick = node.tick, tick <= due { break steps }
        node.tick = due
        setTimer(node)
        break steps
      }
    }
    let changed = node.election.takeChanged()
    var view = Self.view(of: &node.election)
    let published = node.published ?? .initial
    view.revision = published.revision
    view.changed = published.changed
    if view != node.published || !changed.isEmpty {
      view.changed = node.published == nil ? nil : changed
      if let change = view.follow(published) { apply(change, node) }
      node.published = view
      if let unread = node.mail { view.supersede(unread) }
      node.mail = view
      wakeCoordinator(node)
    }
    if isFinished { finish(node) }
  }

  /// What the daemon's `ResponderGate` does.
  private func apply(_ change: GateChange, _ node: SimulatedNode) {
    let local = node.clock.reading(at: now)
    if !change.lost.isEmpty {
      note(node, "answers no more for \(change.lost.sorted())")
      node.responder.revoke(change.lost, revision: change.revision, at: now)
    }
    switch change.deadline {
    case .shut:
      note(node, "shuts the gate")
      node.responder.shut(at: now)
    case .forward(let deadline):
      let wasOpen = node.responder.isOpenUntil > local
      node.responder.extend(to: deadline, now: local)
      if !wasOpen { probeArmed(node) }
    case .back(let deadline): node.responder.shorten(to: deadline, at: now)
    case nil: break
    }
  }

  /// Looked at in place: an election is large.
  private static func view(of election: inout Election) -> LeaseView { election.view }

  /// The process ends after an orderly shutdown.
  private func finish(_ node: SimulatedNode) {
    note(node, "has shut down")
    node.stop(at: now)
  }

  private func setTimer(_ node: SimulatedNode) {
    guard let tick = node.tick else { return }
    let due = node.clock.moment(of: tick, from: now)
    guard due != .never else { return }
    queue.add(
      .tick(node: node.index, process: node.process), at: due + random.within(0...200_000))
  }

  /// The process or its loops may go on.
  func resume(_ node: SimulatedNode, _ process: Int) {
    guard node.process == process, node.isAwake else { return }
    if now >= node.driverStallsUntil {
      // What has waited comes now, in its order.
      let backlog = node.backlog
      node.backlog = []
      for input in backlog where node.isRunning && node.process == process { handle(input, node) }
      node.tick = node.tick ?? node.clock.reading(at: now)
      setTimer(node)
    }
    if now >= node.coordinatorStallsUntil, node.isCoordinating {
      queue.add(
        .coordinate(node: node.index, process: process), at: now + random.within(0...1_000_000))
    }
  }
}
