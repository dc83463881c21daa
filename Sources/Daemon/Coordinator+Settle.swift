internal import Announcer
internal import Cluster
internal import Configuration
internal import Control
internal import Lease
internal import LinuxSystem
internal import Metrics
internal import RawSocket
internal import Time
internal import Wire

extension Coordinator {
  /// Makes the wire and the election agree with what is known now.
  ///
  /// - Returns: when to look again.
  mutating func settle(at now: Instant) -> Instant {
    followDuty()
    guard service != nil else { return .distantFuture }
    if let retryAt = impediment?.retryAt, retryAt <= now {
      impediment = nil
      isStale = true
    }
    let trySendingAt = trySending(at: now)
    let tellOfNameAt = tellOfTakenName(at: now)
    _ = askFirst(at: now)
    if isStale {
      isStale = false
      inquire(at: now)
      var wanted = wantedClaims()
      joinGroups(for: &wanted, at: now)
      arm(wanted, at: now)
      compete()
      giveUp()
      noteUnchecked()
      isReady = true
      reportStatusLine()
    }
    if conflictLineAt <= now { reportStatusLine() }
    settleHandOvers(at: now)
    defendOwed(at: now)
    defendConfirmed(at: now)
    let wakeAt = min(
      askFirst(at: now), checkItself(at: now), askTheLAN(at: now), trySendingAt, tellOfNameAt,
      nextHandOver, defence.nextDue, conflictLineAt, impediment?.retryAt ?? .distantFuture)
    guard view.confirmedAt >= stalledAt else { return isStale ? .now : wakeAt }
    var turn = AnnouncementTurn()
    while let step = turn.next(of: &planner, at: .now) {
      switch step {
      case .announce(let claim, let isFirst):
        noteSent(responder.announce(claim), of: claim, isFirst: isFirst)
      case .defend(let claim): noteSent(responder.defend(claim), of: claim)
      case .ask(let claim): responder.askQuietly(for: claim)
      // What was refused may have changed what can be served, and when to try again.
      case .wait(let until): return isStale ? .now : min(until, wakeAt, sending.nextDue)
      }
    }
    // The turn is over: first a look at the mail.
    return .now
  }

  /// Every claim that is held and can be served, and how neighbours must know it. Not what the election
  /// has been told to release and may be releasing, though it can be served again by now: a view from
  /// before that shows it as held.
  func wantedClaims() -> [Claim: Affirmation] {
    guard let links, let service else { return [:] }
    let byID = Dictionary(uniqueKeysWithValues: links.map { ($0.id, $0) })
    var wanted: [Claim: Affirmation] = [:]
    for (address, held) in view.held where !view.yielding.contains(address) {
      if let told = dropped[address], told > view.competitions { continue }
      for id in service[address]?.links ?? [] {
        guard let link = byID[id], let hardwareAddress = link.hardwareAddress else { continue }
        wanted[Claim(address: address, interfaceIndex: id.index)] = Affirmation(
          link: id, linkRevision: link.revision, hardwareAddress: hardwareAddress,
          epoch: held.epoch.number)
      }
    }
    return wanted
  }

  /// Joins the solicited-node groups of the IPv6 claims, and drops the claims of those that cannot
  /// be joined: nobody would be heard asking for them.
  private mutating func joinGroups(for wanted: inout [Claim: Affirmation], at now: Instant) {
    var groups: Set<GroupMemberships.Membership> = []
    for (claim, affirmation) in wanted {
      if let membership = Self.membership(claim, affirmation) { groups.insert(membership) }
    }
    // What failed a moment ago is tried again when its time has come.
    let failures = memberships.update(
      to: groups.filter { impediment?.memberships[$0] == nil })
    if !failures.isEmpty {
      var impediment = impediment ?? Impediment(retryAt: now + Self.retryInterval)
      for (membership, error) in failures {
        impediment.memberships[membership] = error
      }
      if let (membership, error) = failures.first {
        log.joinFailed(
          membership, name(of: membership.interfaceIndex), error, count: failures.count)
      }
      self.impediment = impediment
    }
    guard let failed = impediment?.memberships, !failed.isEmpty else { return }
    wanted = wanted.filter { claim, affirmation in
      Self.membership(claim, affirmation).map { failed[$0] == nil } ?? true
    }
  }

  static func membership(
    _ claim: Claim, _ affirmation: Affirmation
  ) -> GroupMemberships.Membership? {
    guard case .v6(let address) = claim.address else { return nil }
    return GroupMemberships.Membership(
      interfaceIndex: claim.interfaceIndex,
      revision: UInt64(affirmation.link.generation) << 32 | UInt64(affirmation.linkRevision),
      group: address.solicitedNodeGroup)
  }

  /// Programs the responder where anything differs, and tells the planner what neighbours must
  /// hear. An equal state sends nothing and costs nothing on the wire's lock.
  private mutating func arm(_ wanted: [Claim: Affirmation], at now: Instant) {
    let contexts = contexts(of: wanted)
    // Loopback's is all zero: a frame from there is malformed, not ours.
    let own = (links ?? []).compactMap(\.hardwareAddress).filter(\.isStation)
    guard wanted != armed || contexts != armedContexts || own != ownHardwareAddresses else {
      return followDeadline()
    }
    var wanted = wanted
    // A doubt comes first: what is armed from here on is armed behind a shut gate.
    if view.deadline < deadline { followDeadline() }
    do throws(SystemError) {
      try responder.replace(
        claims: Array(wanted.keys), links: contexts, ownHardwareAddresses: own,
        deadline: view.deadline)
    } catch {
      // Held and not armed must not last: give the claims up, and try again soon.
      responder.silence()
      wanted = [:]
      impediment = Impediment(filters: error, retryAt: now + Self.retryInterval)
      log.programmingFailed(error)
    }
    followDeadline()
    let before = armed
    armed = wanted
    armedContexts = contexts
    ownHardwareAddresses = own
    tell(from: before, to: wanted)
    planner.update(wanted, unasked: unasked(among: wanted, before: before), at: now)
  }

  /// What was gained just now and no other node is known to have had: whoever has it on the LAN is in no
  /// lease, and is asked for once. A former holder may still be leaving, and nothing is asked of it.
  private func unasked(
    among wanted: [Claim: Affirmation], before: [Claim: Affirmation]
  ) -> Set<Claim> {
    let had = Set(before.keys.map(\.address))
    return Set(
      wanted.keys.filter { !had.contains($0.address) && !formerlyHeld.contains($0.address) })
  }

  /// Follows the deadline of everything armed: forward with a renewal; shut at once where the
  /// election takes it back, because ownership must be confirmed first (lease.md §2.6).
  mutating func followDeadline() {
    if view.deadline < deadline {
      responder.shut()
      selfChecking.disturb()
    } else if view.deadline > deadline {
      responder.extend(to: view.deadline)
    }
    deadline = view.deadline
  }

  private func contexts(of wanted: [Claim: Affirmation]) -> [LinkContext] {
    let indices = Set(wanted.keys.map(\.interfaceIndex))
    return (links ?? []).filter { indices.contains($0.id.index) }.compactMap { link in
      link.hardwareAddress.map {
        LinkContext(
          interfaceIndex: link.id.index, hardwareAddress: $0,
          linkLocalAddress: link.linkLocalAddress)
      }
    }
  }

  /// Tells the election what this node can serve. It comes after `arm`, so that an address that is
  /// left out is silent before its claim goes to somebody else.
  private mutating func compete() {
    guard let service else { return }
    var candidates = impediment?.filters == nil ? service.candidates : []
    candidates.subtract(inquiry.pending)
    // What is not told of as occupied yet is not claimed either.
    candidates.subtract(inquiry.occupied.keys)
    if let failed = impediment?.memberships, !failed.isEmpty {
      candidates = candidates.filter { address in
        guard case .v6(let v6) = address else { return true }
        let links = service[address]?.links ?? []
        return !links.allSatisfy { id in
          failed.keys.contains {
            $0.interfaceIndex == id.index && $0.group == v6.solicitedNodeGroup
          }
        }
      }
    }
    candidates = candidatesWithDuty(candidates)
    guard candidates != self.candidates else { return }
    competitions += 1
    dropped = dropped.filter { $0.value > view.competitions }
    for address in (self.candidates ?? []).subtracting(candidates) {
      dropped[address] = competitions
    }
    self.candidates = candidates
    lease.compete(for: candidates)
  }

  /// Writes what was gained and lost into the log, and remembers since when.
  private mutating func tell(from before: [Claim: Affirmation], to after: [Claim: Affirmation]) {
    let had = Set(before.keys.map(\.address))
    let has = Set(after.keys.map(\.address))
    let gained = has.subtracting(had)
    let lost = had.subtracting(has)
    for address in gained {
      armedSince[address] = .now
      if let since = freeSince.removeValue(forKey: address) {
        takeoverTimes.observe(Double((Instant.now - since).nanoseconds) / 1e9)
      }
    }
    for address in lost { armedSince[address] = nil }
    noteForCheck(gained: gained, lost: lost)
    if !gained.isEmpty {
      var links: [IPAddress: [String]] = [:]
      for claim in after.keys where gained.contains(claim.address) {
        links[claim.address, default: []].append(name(of: claim.interfaceIndex))
      }
      log.gained(links)
      reportGained(links)
    }
    if !lost.isEmpty {
      // A walk over all Services for each: not for thousands, which get a line together.
      let isFew = lost.count <= EventLog.limit
      let reasons = Dictionary(
        uniqueKeysWithValues: lost.map { address in
          let isWanted = isFew || service?[address] != nil
          return (address, isWanted ? reasonForLoss(of: address) : "no longer wanted")
        })
      log.lost(reasons)
      reportLost(reasons)
    }
  }

  /// Why nobody asks for an address any more: what its Services say, where they still have it.
  private func reasonNotWanted(_ address: IPAddress) -> String {
    let reasons = cluster.explanations(of: address).map(\.description)
    return (["no longer wanted"] + reasons).joined(separator: "; ")
  }

  private func reasonForLoss(of address: IPAddress) -> String {
    guard let service = service?[address] else { return reasonNotWanted(address) }
    if let reason = service.reason { return reason.description }
    if view.yielding.contains(address) { return "handed over" }
    if let reason = view.losses[address] { return reason.description }
    if let holder = view.holders[address] { return "held by node \(holder.node)" }
    return impediment == nil ? "released" : "the wire could not be programmed"
  }

  /// One line for `systemctl status`, sent when it changes.
  mutating func reportStatusLine() {
    let announcing = Set(armed.keys.map(\.address)).count
    let total = assignments.addresses.count
    var line = "announcing \(announcing) of \(total) addresses"
    let contested = contestedAddresses(since: .now - ConflictDefence.memory)
    if !contested.isEmpty {
      line += ", \(contested.count) \(contested.count == 1 ? "conflict" : "conflicts")"
    }
    conflictLineAt =
      contested.values.map(\.lastSeenAt).min().map { $0 + ConflictDefence.memory + .seconds(1) }
      ?? .distantFuture
    if isDrained { line += ", drained" }
    if let takenName { line += ", " + takenName.words(node: configuration.node, at: .now) }
    if let error = view.error { line += ", lease: \(error)" }
    if needsRestart {
      line += ", the new configuration needs a restart"
    } else if configurationError != nil {
      line += ", the new configuration was refused"
    }
    guard line != lastStatusLine else { return }
    // READY waits for the verdicts: a command that follows a start or a reload finds the addresses announced, or
    // refused.
    if lastStatusLine.isEmpty, !inquiry.pending.isEmpty { return }
    if lastStatusLine.isEmpty { notifier.ready(status: line) } else { notifier.status(line) }
    lastStatusLine = line
    for reload in reloads { reload.resume(returning: knowledge) }
    reloads = []
  }
}
