internal import Announcer
internal import Cluster
internal import Configuration
internal import Control
internal import Kubernetes
internal import Lease
internal import LinuxSystem
internal import RawSocket
internal import Reconciler
internal import Time
internal import Wire

/// What the daemon says when it is asked.
extension Coordinator {
  /// Answers at once, but for a hand-over, which is answered at its end.
  ///
  /// - Returns: when to look again because of what was asked for.
  mutating func answer(
    _ question: Mailbox.Question, _ answer: @escaping @Sendable (Response) -> Void
  ) -> Instant {
    var wakeAt = Instant.distantFuture
    switch question {
    case .status: answer(Response(version: parts.version, status: status()))
    case .explainAddress(let address):
      answer(Response(version: parts.version, explanation: explanation(of: address)))
    case .explainService(let name):
      answer(Response(version: parts.version, explanation: explanation(of: name)))
    case .drain(let isDrained):
      self.isDrained = isDrained
      reconsider()
      wakeAt = settle(at: .now)
      answer(Response(version: parts.version, status: status()))
    case .handOver(let address, let destination):
      beginHandOver(of: address, to: destination, answer)
    }
    return wakeAt
  }

  private mutating func status() -> Status {
    let addresses = sortedAddresses()
    return snapshot.status(
      surroundings, addresses, parts.responder.counts(of: addresses), unannouncedServices)
  }

  mutating func figures() -> DaemonFigures {
    let addresses = sortedAddresses()
    return snapshot.figures(
      surroundings, addresses, parts.responder.counts(of: addresses),
      links: parts.responder.linkCounts())
  }

  private func explanation(of address: IPAddress) -> Explanation {
    snapshot.explanation(
      of: address, counts: parts.responder.counts(of: address),
      services: parts.cluster.explanations(of: address).map(\.description), sources())
  }

  private func explanation(of name: ObjectName) -> Explanation {
    snapshot.explanation(
      of: name, parts.cluster.standings(ofService: name), sources(),
      counts: { parts.responder.counts(of: $0) })
  }

  /// Every address that is wanted; put in order again only when they changed.
  mutating func sortedAddresses() -> [IPAddress] {
    if let addresses = addressesInOrder { return addresses }
    let addresses = assignments.addresses.keys.sorted()
    addressesInOrder = addresses
    return addresses
  }

  var knowledge: NodeKnowledge {
    NodeKnowledge(
      version: parts.version, node: configuration.node,
      backend: configuration.lease.backend.rawValue,
      place: parts.lease.place(), view: reconciler.view, assignments: assignments,
      givesAddresses: configuration.kubernetes?.givesAddresses ?? false,
      poolWarnings: linkWarningsOfPools, stations: stations,
      loaded: loaded)
  }

  var snapshot: Snapshot {
    Snapshot(
      at: .now, wallTime: .now, version: parts.version, startedAt: startedAt, loaded: loaded,
      isDrained: isDrained,
      isSettled: readiness.isSettled, links: links ?? [], reconciler: reconciler,
      assignments: assignments, clusterOutcome: clusterOutcome, history: history,
      selfChecking: selfChecking, takenName: nameWatch.taken, warnings: warnings)
  }

  private var surroundings: Surroundings {
    let totals = parts.responder.totals()
    let server = parts.kubernetes?.client.access.server
    return Surroundings(
      place: parts.lease.place(), sources: sources(), unknowns: parts.cluster.unknowns,
      ignored: totals.ignoredByName, refusedByGate: totals[.gateClosed] + totals[.stale],
      socketDrops: totals.dropped, logDrops: parts.output.missingLines,
      serverWarnings: [
        configuration.warning(of: server, among: assignments), parts.kubernetes?.client.remark,
      ].compactMap(\.self),
      selectionNotes: selectionNotes, logWarnings: [parts.output.warning].compactMap(\.self))
  }
}

extension AnswerCounts {
  /// Frames that were not answered, by the name of the reason; those that a full socket lost, too.
  var ignoredByName: [String: UInt64] {
    var result: [String: UInt64] = [:]
    for reason in Reason.allCases where self[reason] > 0 { result[reason.name] = self[reason] }
    if dropped > 0 { result["socket-full"] = dropped }
    return result
  }
}
