internal import Announcer
internal import Lease
internal import Reconciler
internal import SeededRandom
internal import Time
internal import Wire

/// What `Coordinator` does: takes its mail, tells the reconciler, performs its steps. The reconciler is the daemon's
/// own.
extension Simulation {
  func wakeCoordinator(_ node: SimulatedNode) {
    guard !node.isCoordinating else {
      node.isWokenAgain = node.isComputing
      return
    }
    node.isCoordinating = true
    let late: Int64 = random.chance(90) ? 100 * .microsecond : 5 * .millisecond
    queue.add(
      .coordinate(node: node.index, process: node.process), at: now + random.within(0...late))
  }

  func coordinate(_ node: SimulatedNode, _ process: Int) {
    guard node.process == process, node.isAwake, node.isCoordinating else { return }
    // It is woken again when it may go on.
    guard now >= node.coordinatorStallsUntil else { return }
    if !node.isComputing {
      takeMail(node)
      node.isComputing = true
      // What it goes by may be old when it acts.
      return queue.add(
        .coordinate(node: node.index, process: process), at: now + random.within(0...computing()))
    }
    node.isComputing = false
    node.isCoordinating = false
    performSteps(node)
    if node.isShuttingDown {
      node.reconciler.shutDown()
      performSteps(node)
    }
    settleExcuses(node)
    if node.isWokenAgain {
      node.isWokenAgain = false
      wakeCoordinator(node)
    }
  }

  /// How long it computes at most between its mail and its first step.
  private func computing() -> Int64 {
    random.chance(97) ? 200 * .microsecond : random.chance(90) ? 20 * .millisecond : .second
  }

  private func takeMail(_ node: SimulatedNode) {
    let local = node.clock.reading(at: now)
    if node.isServiceNews {
      node.isServiceNews = false
      let link = Self.link(of: node)
      node.reconciler.update([link])
      node.reconciler.update(serviceability(of: node, link), asksFirst: false, at: local)
    }
    if let view = node.mail {
      node.mail = nil
      node.reconciler.update(view)
    }
    let heard = node.heard
    node.heard = []
    for station in heard {
      _ = node.reconciler.hear(
        station.claim, from: station.hardwareAddress, count: 1, lastSeenAt: station.at,
        isDefending: true, at: local)
    }
  }

  private func performSteps(_ node: SimulatedNode) {
    while true {
      let step = node.reconciler.next(at: node.clock.reading(at: now))
      if case .wait(let until) = step { return setAlarm(node, until) }
      perform(step, node)
      guard step != .end else { return }
    }
  }

  private func perform(_ step: Reconciler.Step, _ node: SimulatedNode) {
    let local = node.clock.reading(at: now)
    switch step {
    case .arm(let set, let revision):
      arm(set.addresses, node) { responder, local, moment in
        responder.replace(set.addresses, revision: revision, now: local, at: moment)
      }
    case .amend(let change, let revision):
      let added = Set(change.added.keys.lazy.map(\.address))
      let removed = Set(change.removed.lazy.map(\.address))
      let armed = Set(node.reconciler.armed.keys.lazy.map(\.address))
      arm(armed.subtracting(removed).union(added), node) { responder, local, moment in
        responder.amend(
          removed: removed, added: added, revision: revision, now: local, at: moment)
      }
    case .silence:
      note(node, "falls silent")
      if weaknesses.contains(.releaseFirst) {
        armLater(node)
      } else {
        node.responder.silence(at: now)
      }
    case .compete(let addresses): post(.compete(addresses), node)
    case .giveUp(let addresses): post(.giveUp(addresses), node)
    case .verify: post(.verify, node)
    case .yieldToRival(let address): post(.hear(address), node)
    case .end:
      post(.shutDown, node)
      // The coordinator has ended.
      node.coordinatorStallsUntil = .never
    case .announce(let claim, _): announce(claim, node)
    case .defend(let claim): announce(claim, node, "defends")
    case .ask(let claim): askTheLAN(for: claim, node)
    case .askForRivals(let claims):
      for claim in claims { askTheLAN(for: claim, node) }
      post(.asked, node)
    // One link without IPv6 that sends everything; nothing is asked for before it is announced.
    case .join(let groups): node.reconciler.report(joining: groups, failures: [], at: local)
    case .trySending(let way, let address, _):
      _ = node.reconciler.report(sending: way, address, refusal: nil, at: local)
    case .lookUp: node.reconciler.report(answeredByKernel: [])
    case .listen, .question, .reassess: break
    // News for people.
    case .settled, .summarize, .wait: break
    }
  }

  /// - Parameter addresses: what is armed then.
  private func arm(
    _ addresses: Set<IPAddress>, _ node: SimulatedNode,
    _ program: (inout SimulatedResponder, Instant, Moment) -> Void
  ) {
    note(node, "arms \(addresses.count) of \(node.reconciler.view.held.count) held")
    node.armedSince = node.armedSince.filter { addresses.contains($0.key) }
    for address in addresses where node.armedSince[address] == nil {
      node.armedSince[address] = now
    }
    let local = node.clock.reading(at: now)
    if weaknesses.contains(.releaseFirst) {
      armLater(node)
    } else {
      program(&node.responder, local, now)
    }
    node.reconciler.report(arming: nil, at: local)
    probeArmed(node)
  }

  /// The shell says that it is done, and does it later.
  private func armLater(_ node: SimulatedNode) {
    queue.add(
      .armLate(node: node.index, process: node.process),
      at: now + random.within(0...20 * .millisecond))
  }

  func armLate(_ node: SimulatedNode, _ process: Int) {
    guard node.process == process, node.isAwake else { return }
    if node.isShuttingDown { return node.responder.silence(at: now) }
    node.responder.replace(
      Set(node.reconciler.armed.keys.map(\.address)), revision: node.reconciler.view.revision,
      now: node.clock.reading(at: now), at: now)
  }

  // MARK: The alarm

  private func setAlarm(_ node: SimulatedNode, _ until: Instant) {
    if let alarm = node.alarm, alarm <= until { return }
    let due = node.clock.moment(of: until, from: now)
    guard due != .never else { return }
    node.alarm = until
    queue.add(
      .alarm(node: node.index, process: node.process), at: due + random.within(0...200_000))
  }

  /// Where the process is held, the coordinator runs when it goes on.
  func ring(_ node: SimulatedNode, _ process: Int) {
    guard node.process == process, node.isRunning else { return }
    node.alarm = nil
    wakeCoordinator(node)
  }

  // MARK: What a node can serve

  private static func link(of node: SimulatedNode) -> Link {
    Link(
      id: LinkID(index: SimulatedResponder.link, generation: 0), name: "lan0",
      flags: [.up, .lowerUp, .broadcast, .multicast], operationalState: .up,
      hardwareAddress: node.hardwareAddress)
  }

  private func serviceability(of node: SimulatedNode, _ link: Link) -> Serviceability {
    func request(_ isEligible: Bool, nodes: Set<String>?) -> AnnouncementRequest {
      let numbers = plan.addresses.indices.filter { node.isEligible[$0] == isEligible }
      return AnnouncementRequest(
        origin: "plan", ranges: numbers.map { IPRange(plan.addresses[$0]) }, nodes: nodes)
    }
    return Serviceability(
      Assignments([request(true, nodes: nil), request(false, nodes: [])]), node: node.name,
      isDrained: node.isDrained, links: [link])
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
