package import Announcer
internal import Lease
package import Time
internal import Wire

/// Arming the wire with what is held, and telling the election what can be served.
extension Reconciler {
  /// Joins the solicited-node groups of the IPv6 claims. Claims whose group cannot be joined are left out: nobody would
  /// be heard asking for them.
  mutating func join() -> Step? {
    let failed = impediment?.memberships ?? []
    let wanted = wantedClaims()
    // What failed a moment ago is tried again when its time has come.
    let groups = Set(wanted.compactMap { GroupMembership(of: $0.key, $0.value) })
      .subtracting(failed)
    if groups != joined { return .join(groups) }
    pass?.wanted = wanted.filter { claim, affirmation in
      GroupMembership(of: claim, affirmation).map { !failed.contains($0) } ?? true
    }
    pass?.stage = .arm
    return nil
  }

  /// What became of `join`.
  ///
  /// - Parameter failures: groups that could not be joined.
  package mutating func report(
    joining groups: Set<GroupMembership>, failures: Set<GroupMembership>, at now: Instant
  ) {
    joined = groups.subtracting(failures)
    guard !failures.isEmpty else { return }
    var impediment = impediment ?? Impediment(retryAt: now + Self.retryInterval)
    impediment.memberships.formUnion(failures)
    self.impediment = impediment
  }

  /// Arms where anything differs: an equal state sends nothing and costs nothing on the wire's lock.
  mutating func arm() -> Step? {
    guard let wanted = pass?.wanted else { return nil }
    let set = ArmedSet(
      claims: wanted, links: contexts(of: wanted), ownHardwareAddresses: ownHardwareAddresses)
    guard set != wire || mustRearm else {
      pass?.stage = .compete
      return nil
    }
    pass?.arming = set
    return .arm(set, revision: view.revision)
  }

  /// What became of `arm`.
  ///
  /// - Parameter failure: what the kernel said; nil where the wire is armed.
  package mutating func report(arming failure: String?, at now: Instant) {
    guard let set = pass?.arming else { return }
    pass?.arming = nil
    pass?.stage = .compete
    mustRearm = false
    let before = wire
    wire = set
    if let failure {
      // Held and not armed must not last: the claims are given up, and armed again soon (lease.md §2.8).
      wire.claims = [:]
      isSilenceDue = true
      impediment = Impediment(filters: failure, retryAt: now + Self.retryInterval)
    }
    noteFirst(wire.addresses.subtracting(before.addresses), at: now)
    planner.update(wire.claims, unasked: unasked(before: before), at: now)
  }

  /// What was gained just now and no other node is known to have had: a station that has it on the LAN is in no lease,
  /// and is asked for once. A former holder may still be leaving, and nothing is asked of it.
  private func unasked(before: ArmedSet) -> Set<Claim> {
    let had = before.addresses
    return Set(
      wire.claims.keys.filter { !had.contains($0.address) && !formerlyHeld.contains($0.address) })
  }

  private func contexts(of claims: [Claim: Affirmation]) -> [LinkContext] {
    let indices = Set(claims.keys.lazy.map(\.interfaceIndex))
    return links.filter { indices.contains($0.id.index) }.compactMap(LinkContext.init)
  }

  /// Loopback's is all zero: a frame from there is malformed, not ours.
  var ownHardwareAddresses: [MACAddress] {
    links.compactMap(\.hardwareAddress).filter(\.isStation)
  }

  /// Tells the election what this node can serve. It comes after `arm`, so that an address that is left out is silent
  /// before its claim goes to somebody else.
  mutating func compete() -> Step? {
    guard let serviceability else { return nil }
    var candidates = impediment?.filters == nil ? serviceability.candidates : []
    candidates.subtract(inquiry.pending)
    // What is not told of as occupied yet is not claimed either.
    candidates.subtract(inquiry.occupied.keys)
    if let failed = impediment?.memberships, !failed.isEmpty {
      candidates = candidates.filter { canBeHeard($0, without: failed, serviceability) }
    }
    candidates.formUnion(duties)
    candidates.formUnion(busyDuties)
    guard candidates != self.candidates else { return nil }
    competitions += 1
    dropped = dropped.filter { $0.value > view.competitions }
    for address in (self.candidates ?? []).subtracting(candidates) {
      dropped[address] = competitions
    }
    self.candidates = candidates
    return .compete(for: candidates)
  }

  /// Whether one of the links that serve an address would hear solicitations for it.
  private func canBeHeard(
    _ address: IPAddress, without failed: Set<GroupMembership>, _ serviceability: Serviceability
  ) -> Bool {
    guard case .v6(let v6) = address else { return true }
    let links = serviceability[address]?.links ?? []
    return !links.allSatisfy { id in
      failed.contains { $0.interfaceIndex == id.index && $0.group == v6.solicitedNodeGroup }
    }
  }

  /// Tells the election that the gate is shut for what it wants to give up. It comes after `arm`, which has taken these
  /// addresses out.
  mutating func giveUp() -> Step? {
    // What is being done under a duty ends first, and then this comes again.
    let yielding = view.yielding.subtracting(busyDuties)
    let yielded = yielding.subtracting(givenUp)
    givenUp = yielding
    return yielded.isEmpty ? nil : .giveUp(yielded)
  }
}

extension LinkContext {
  /// Nil for a link without a hardware address.
  init?(_ link: Link) {
    guard let hardwareAddress = link.hardwareAddress else { return nil }
    self.init(
      interfaceIndex: link.id.index, hardwareAddress: hardwareAddress,
      linkLocalAddress: link.linkLocalAddress)
  }
}
