internal import Announcer
internal import Lease
internal import Reconciler
internal import SeededRandom
internal import Time
internal import Wire

/// What leaves nodes, and what observers say to it.
extension Simulation {
  /// What an operator did behind a holder's back; until the holder can have heard of it, it goes on.
  struct Excuse {
    let session: SessionID
    /// The store's, after the act.
    let revision: UInt64
    let at: Moment
    var isHeard = false
  }

  /// A client asks everybody for one address.
  func ask() {
    let address = random.below(plan.addresses.count)
    for node in nodes where node.isRunning {
      let question = SimulatedNode.Question(
        address: address, at: now, timestamp: node.wall(at: now))
      switch node.hold {
      case nil where random.chance(10):
        // The thread waits for a processor.
        queue.add(
          .answer(node: node.index, process: node.process, question),
          at: now + random.within(0...150 * .millisecond))
      case nil: answer(question, node)
      // Wherever it waits, the kernel stamps it when it gets to see it.
      case .frozen, .paused:
        if node.socket.count < 32, node.epoch(of: plan.addresses[address]) != nil {
          node.socket.append(question)
        }
      case .suspended: break
      }
    }
    queue.add(.ask, at: now + random.within(0...plan.timeToLive / 20))
  }

  func answerLate(_ question: SimulatedNode.Question, _ node: SimulatedNode, _ process: Int) {
    guard node.process == process, node.isRunning else { return }
    if node.isAwake { answer(question, node) } else { node.socket.append(question) }
  }

  /// The answering thread reads a request.
  private func answer(_ question: SimulatedNode.Question, _ node: SimulatedNode) {
    let address = question.address
    guard let reason = refusal(address, node, timestamp: question.timestamp, at: now) else {
      statistics.frames += 1
      note(node, "answers \(plan.addresses[address])")
      return judge(address, node, "answers", askedAt: question.at)
    }
    statistics.refusals += reason == .targetNotClaimed ? 0 : 1
  }

  /// What the gate says to a request; nil where it is answered.
  func refusal(
    _ address: Int, _ node: SimulatedNode, timestamp: Int64, at moment: Moment
  ) -> Reason? {
    let local = node.clock.reading(at: moment)
    let age = node.wall(at: moment) - timestamp
    return node.responder.refusal(
      of: questions.frames[address], receivedAt: Instant(nanoseconds: local.nanoseconds - age),
      now: local)
  }

  /// One gratuitous frame, where the gate lets it pass. Every node that has the address armed hears it as a conflict.
  func announce(_ claim: Claim, _ node: SimulatedNode, _ act: String = "announces") {
    let address = store.number(of: claim.address)
    guard announces(address, node) else { return }
    statistics.frames += 1
    note(node, "\(act) \(claim.address)")
    judge(address, node, act, askedAt: nil)
    for other in nodes
    where other !== node && other.isAwake && other.reconciler.wire.claims[claim] != nil {
      tell(other, of: claim, from: node)
    }
  }

  /// A node asks the LAN who else has an address: whoever answers is heard as a conflict.
  func askTheLAN(for claim: Claim, _ node: SimulatedNode) {
    let address = store.number(of: claim.address)
    for other in nodes
    where other !== node && other.isAwake
      && refusal(address, other, timestamp: other.wall(at: now), at: now) == nil
    {
      tell(node, of: claim, from: other)
    }
  }

  /// The thread that listens has heard another station.
  private func tell(_ node: SimulatedNode, of claim: Claim, from other: SimulatedNode) {
    node.heard.append(
      SimulatedNode.Heard(
        claim: claim, hardwareAddress: other.hardwareAddress, at: node.clock.reading(at: now)))
    wakeCoordinator(node)
  }

  private func announces(_ address: Int, _ node: SimulatedNode) -> Bool {
    node.responder.announces(plan.addresses[address], now: node.clock.reading(at: now))
  }

  /// Looks at what a node would send for an address now.
  func probe(_ address: Int, at node: SimulatedNode) {
    guard node.isAwake else { return }
    statistics.probes += 1
    if announces(address, node) { judge(address, node, "would announce", askedAt: nil) }
    if refusal(address, node, timestamp: node.wall(at: now), at: now) == nil {
      judge(address, node, "would answer", askedAt: now)
    }
  }

  /// Looks at all that a node would send now.
  func probeArmed(_ node: SimulatedNode) {
    for address in plan.addresses.indices where node.epoch(of: plan.addresses[address]) != nil {
      probe(address, at: node)
    }
  }

  /// The slowest frames that `ε` allows: those whose gate was checked ε ago leave just now.
  func probeSlowFrames(of session: Int) {
    let owner = store.sessions[session].owner
    let node = nodes[owner.node]
    guard node.process == owner.process, node.isAwake else { return }
    let checkedAt = now + -node.clock.trueSpan(plan.timing.gateToWire.nanoseconds)
    // Whoever changes the table waits for a frame that is being sent.
    guard node.responder.changedAt < checkedAt, node.heldUntil < checkedAt else { return }
    for address in plan.addresses.indices {
      guard store.claims[address]?.session == store.sessions[session].id else { continue }
      statistics.probes += 1
      let timestamp = node.wall(at: checkedAt)
      guard refusal(address, node, timestamp: timestamp, at: checkedAt) == nil else { continue }
      if excuses[owner.node][address] == nil, !holds(address, node) {
        let checked = "its gate was still open \(plan.timing.gateToWire.milliseconds) ms before"
        violate(
          .coverage,
          "\(label(node)) may be sending for \(plan.addresses[address]) as its session expires: \(checked)"
        )
      }
    }
  }

  /// What has waited in the socket of a process that was held is read, perhaps before anything else runs.
  func drainSocket(_ node: SimulatedNode) {
    let waiting = node.socket
    node.socket = []
    for question in waiting { answer(question, node) }
    probeArmed(node)
  }

  /// lease.md I1 to I3, and the rule for stale requests, for one frame.
  private func judge(_ address: Int, _ node: SimulatedNode, _ act: String, askedAt: Moment?) {
    guard excuses[node.index][address] == nil else { return }
    let claim = store.claims[address]
    let text = { "\(self.label(node)) \(act) \(self.plan.addresses[address])" }
    guard let claim, claim.owner == node.owner else {
      guard !holds(address, node) else { return }
      guard let claim else { return violate(.coverage, "\(text()): nobody owns it") }
      let owner = claim.owner.map { label(nodes[$0.node], process: $0.process) } ?? "somebody"
      return violate(
        .exclusion, "\(text()): \(owner) has owned it since \(claim.since)")
    }
    let epoch = node.epoch(of: plan.addresses[address]) ?? .unknown
    if epoch < lastEpochs[address], !holds(address, node) {
      return violate(
        .order, "\(text()) in epoch \(epoch) after a frame of epoch \(lastEpochs[address])")
    }
    lastEpochs[address] = epoch
    guard let askedAt else { return }
    lastAnswers[address] = now
    if now - askedAt > Self.oldestRequest {
      violate(.freshness, "\(text()) to a request that is \(seconds(now - askedAt)) old")
    } else if let since = node.armedSince[plan.addresses[address]], askedAt < since {
      violate(.freshness, "\(text()) to a request from before its gate opened")
    }
  }

  /// 100 ms on the slowest clock.
  private static let oldestRequest =
    100 * Int64.millisecond * 1_000_000 / 900_000 + .millisecond

  func violate(_ invariant: Violation.Invariant, _ text: String) {
    guard violation == nil else { return }
    violation = Violation(invariant: invariant, at: now, text: text)
    note(nil, "✗ \(invariant.rawValue): \(text)")
  }

  func label(_ node: SimulatedNode, process: Int? = nil) -> String {
    "\(node.name)#\(node.index).\(process ?? node.process)"
  }
}
