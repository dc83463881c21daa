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

  mutating func status() -> Status {
    let addresses = sortedAddresses()
    let counts = parts.responder.counts(of: addresses)
    let conflicts = reconciler.defence.records
    let armedLinks = Dictionary(grouping: reconciler.armed.keys, by: \.address)
    return Status(
      version: parts.version, node: configuration.node, session: session, startedAt: startedAt,
      ready: obstacles.isEmpty, drained: isDrained,
      configuration: ConfigurationStatus(
        file: configuration.file, loadedAt: loaded.loadedAt, error: loaded.error),
      lease: leaseStatus(), sources: sources(), interfaces: interfaces(),
      addresses: zip(addresses, counts).map { address, counts in
        addressStatus(
          address, armedLinks[address] ?? [], counts,
          reconciler.occupant(of: address) ?? conflicts[address])
      },
      services: unannouncedServices, ignored: ignored(), selfCheck: selfCheckStatus,
      warnings: allWarnings)
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

  private var session: String {
    if case .open(let id) = reconciler.view.session { "\(id)" } else { "" }
  }

  /// Everything that people should know of and that is no error.
  var allWarnings: [String] {
    [
      configuration.warning(of: parts.kubernetes?.client.access.server, among: assignments),
      parts.kubernetes?.client.remark,
    ].compactMap(\.self)
      + selectionNotes + clusterOutcome.notes + warnings.all + conflictWarnings
      + selfChecking.warnings
      + [parts.output.warning].compactMap(\.self)
  }

  func leaseStatus() -> LeaseStatus {
    let left = reconciler.view.deadline - .now
    let totals = parts.responder.totals()
    var error = reconciler.view.error?.description
    if let taken = nameWatch.taken { error = taken.words(node: configuration.node, at: .now) }
    return LeaseStatus(
      backend: configuration.lease.backend.rawValue,
      state: LeaseStatus.State(rawValue: reconciler.view.health.rawValue),
      deadlineInMs: reconciler.view.timeToLive == nil ? nil : max(0, Int(left.milliseconds)),
      lastRenewalMs: reconciler.view.lastRenewal?.milliseconds,
      durationMs: reconciler.view.timeToLive.map { Int($0.milliseconds) },
      configuredDurationMs: configuration.lease.duration.map { Int($0.milliseconds) },
      endpoint: parts.lease.place(), error: error,
      transitions: LeaseTransitions(
        gained: reconciler.view.gained, lost: reconciler.view.lost,
        handedOver: reconciler.view.handedOver),
      errors: Dictionary(
        uniqueKeysWithValues: reconciler.view.errors.map { ($0.key.rawValue, $0.value) }),
      refusedByGate: totals[.gateClosed] + totals[.stale],
      holding: !reconciler.view.heldWithoutLease.isEmpty)
  }

  private func interfaces() -> [InterfaceStatus] {
    let verdicts = reconciler.serviceability?.verdicts ?? []
    let byID = Dictionary(uniqueKeysWithValues: verdicts.map { ($0.link, $0) })
    return (links ?? []).map { link in
      let verdict = byID[link.id]
      return InterfaceStatus(
        name: link.name, index: link.id.index,
        hardwareAddress: link.hardwareAddress?.description,
        state: InterfaceStatus.State(rawValue: verdict?.state.rawValue ?? "skipped"),
        matchedBy: verdict?.matchedBy.map(\.text) ?? [],
        reason: verdict == nil
          ? "nothing is configured to be announced" : verdict?.reason?.description)
    }
  }

  func addressStatus(
    _ address: IPAddress, _ claims: [Claim], _ counts: AnswerCounts.Address?,
    _ conflict: ConflictDefence.Record?
  ) -> AddressStatus {
    let (state, reason) = state(of: address)
    let isHeld = reconciler.view.held[address] != nil
    let wall = WallTime.now.nanoseconds - Instant.now.nanoseconds
    return AddressStatus(
      address: address.description, state: state,
      holder: isHeld ? configuration.node : reconciler.view.holders[address]?.node,
      since: history.armedSince[address],
      interfaces: claims.map { name(of: $0.interfaceIndex) }.sorted(),
      origins: origins(of: address), reason: reason,
      answers: counts?.answers ?? 0,
      lastAnswerAt: counts?.lastAnswerAt.map { WallTime(nanoseconds: $0) },
      announcements: counts?.announcements ?? 0,
      conflict: conflict.map {
        ConflictStatus(
          hardwareAddress: $0.hardwareAddress.description,
          lastSeenAt: WallTime(nanoseconds: $0.lastSeenAt.nanoseconds + wall), count: $0.count)
      })
  }

  /// The state of an address on this node, and why where it is not simply announced.
  func state(of address: IPAddress) -> (AddressStatus.State, String?) {
    guard let service = reconciler.serviceability?[address] else {
      return (.blocked, "the interfaces of this node are not known yet")
    }
    if let reason = service.reason { return (.blocked, reason.description) }
    if history.isArmed(address) {
      if Instant.now < reconciler.view.deadline { return (.announcing, nil) }
      return (.blocked, "the lease could not be renewed in time: \(storeTrouble)")
    }
    if reconciler.view.yielding.contains(address) { return (.waiting, "it is being handed over") }
    if let error = reconciler.impediment?.filters {
      return (.blocked, "the sockets cannot be programmed: \(error)")
    }
    if reconciler.view.held[address] != nil {
      return (.blocked, "its solicited-node group could not be joined")
    }
    if reconciler.isAsking(for: address), reconciler.view.holders[address] == nil {
      return (.waiting, "the LAN is asked whether it is free")
    }
    if let failure = reconciler.view.failures[address] { return (.blocked, failure.description) }
    if let taken = nameWatch.taken {
      return (.blocked, taken.words(node: configuration.node, at: .now))
    }
    if reconciler.view.health == .lost {
      guard let error = reconciler.view.error else {
        return (.waiting, "a session with the lease store is being opened")
      }
      return (.blocked, "the lease store is out of reach: \(error)")
    }
    if reconciler.view.holders[address] != nil { return (.standby, nil) }
    return (.waiting, reconciler.view.error.map { "\($0)" })
  }

  private var storeTrouble: String { reconciler.view.error?.description ?? "no answer" }

  private func ignored() -> [String: UInt64] {
    let totals = parts.responder.totals()
    var result: [String: UInt64] = [:]
    for reason in Reason.allCases where totals[reason] > 0 { result[reason.name] = totals[reason] }
    if totals.dropped > 0 { result["socket-full"] = totals.dropped }
    return result
  }

  private func explanation(of address: IPAddress) -> Explanation {
    let isWanted = assignments.addresses[address] != nil
    var verdicts: [LinkID: Explanation.LinkVerdict] = [:]
    let requests = assignments.addresses[address].map { assignments.combinations[$0] } ?? []
    for verdict in requests.compactMap({ reconciler.serviceability?.selections[$0] }).flatMap(
      \.verdicts)
    {
      let reason = verdict.reason(for: address)
      let isArmed =
        reconciler.armed[Claim(address: address, interfaceIndex: verdict.link.index)] != nil
      let word: Explanation.Verdict =
        isArmed
        ? .announcing
        : reason == nil ? .eligible : verdict.state == .down ? .down : .skipped
      if let known = verdicts[verdict.link], known.reason == nil { continue }
      verdicts[verdict.link] = Explanation.LinkVerdict(
        name: verdict.name, verdict: word, reason: reason?.description,
        matchedBy: verdict.matchedBy.map(\.text))
    }
    let links = verdicts.sorted { $0.key.index < $1.key.index }.map(\.value)
    let claims = reconciler.armed.keys.filter { $0.address == address }
    let services = parts.cluster.explanations(of: address).map(\.description)
    let unreadable = unreadableNotes
    return Explanation(
      version: parts.version, node: configuration.node, asked: address.description,
      address: isWanted
        ? addressStatus(
          address, claims, parts.responder.counts(of: address),
          reconciler.occupant(of: address) ?? reconciler.defence.latest(for: address))
        : nil,
      links: links, isMentioned: !isWanted && !(services.isEmpty && unreadable.isEmpty),
      notes: (isWanted ? [] : holderNote(address)) + services + (isWanted ? [] : unreadable)
        + (warnings[.cluster] + conflictWarnings + warnings[.audit]).filter {
          $0.contains(address.description)
        })
  }

  /// Who has an address that is none of ours, as far as the store has told.
  private func holderNote(_ address: IPAddress) -> [String] {
    reconciler.view.holders[address].map { ["In the lease store it is held by \($0.node)"] } ?? []
  }
}
