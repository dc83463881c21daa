package import Announcer
internal import Lease
package import Time
package import Wire

/// Arming the wire with what is held, and telling the election what can be served.
extension Reconciler {
  /// Joins the solicited-node groups of the IPv6 claims. Claims whose group cannot be joined are left out: nobody would
  /// be heard asking for them.
  mutating func join() -> Step? {
    if pass?.isLookedUp == false { lookUpDesired() }
    // What failed a moment ago is tried again when its time has come.
    let groups = desired.groups.subtracting(impediment?.memberships ?? [])
    if groups != joined { return .join(groups) }
    pass?.stage = .arm
    return nil
  }

  /// Looks up what is held and can be served, of everything that the pass looks at.
  private mutating func lookUpDesired() {
    guard let scope = pass?.scope, let serviceability else { return }
    pass?.isLookedUp = true
    switch scope {
    case .everything: desired = DesiredClaims(wantedClaims())
    case .addresses(let addresses):
      let byID = linksByID
      for address in addresses {
        var claims: [Claim: Affirmation] = [:]
        addClaims(of: address, to: &claims, serviceability, byID)
        for link in desired.links {
          let claim = Claim(address: address, interfaceIndex: link)
          if claims[claim] == nil { desired.remove(claim) }
        }
        for (claim, affirmation) in claims { desired.insert(claim, affirmation) }
      }
    }
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
    // Addresses beyond the scope may need these groups too.
    pass?.scope = .everything
  }

  /// Arms where anything differs: an equal state sends nothing and costs nothing on the wire's lock.
  mutating func arm() -> Step? {
    guard let pass else { return nil }
    let revision = pass.revision
    if case .addresses(let addresses) = pass.scope, let change = change(of: addresses) {
      guard !change.isEmpty else {
        self.pass?.stage = .compete
        return nil
      }
      self.pass?.arming = .change(change)
      return .amend(change, revision: revision)
    }
    let set = desiredSet()
    guard set != wire || mustRearm || revision != armedRevision else {
      self.pass?.stage = .compete
      return nil
    }
    self.pass?.arming = .whole(set)
    return .arm(set, revision: revision)
  }

  private func desiredSet() -> ArmedSet {
    let failed = impediment?.memberships ?? []
    let claims =
      failed.isEmpty
      ? desired.claims
      : desired.claims.filter { claim, affirmation in
        GroupMembership(of: claim, affirmation).map { !failed.contains($0) } ?? true
      }
    let indices = failed.isEmpty ? desired.links : Set(claims.keys.lazy.map(\.interfaceIndex))
    return ArmedSet(
      claims: claims,
      links: links.filter { indices.contains($0.id.index) }.compactMap(LinkContext.init),
      ownHardwareAddresses: ownHardwareAddresses)
  }

  /// What differs between the wire and what is desired of these addresses; nil where the whole has to be armed, because
  /// the links are others, a group could not be joined, or so much differs that it costs the same.
  private func change(of addresses: Set<IPAddress>) -> ArmedChange? {
    guard impediment == nil, !mustRearm else { return nil }
    let links = Set(wire.links.lazy.map(\.interfaceIndex))
    guard desired.links == links else { return nil }
    var change = ArmedChange()
    for address in addresses {
      for link in links {
        let claim = Claim(address: address, interfaceIndex: link)
        let armed = wire.claims[claim]
        guard let affirmation = desired.claims[claim] else {
          if armed != nil { change.removed.insert(claim) }
          continue
        }
        // The revision has moved: it may have been revoked and gained again unseen, and look the same.
        if armed != affirmation || pass?.revision != armedRevision {
          change.added[claim] = affirmation
        }
      }
    }
    let most = min(max(Self.fewClaims, wire.claims.count / 4), Self.manyClaims)
    return change.count > most ? nil : change
  }

  /// What became of `arm`.
  ///
  /// - Parameter failure: what the kernel said; nil where the wire is armed.
  package mutating func report(arming failure: String?, at now: Instant) {
    guard let pass, let arming = pass.arming else { return }
    self.pass?.arming = nil
    self.pass?.stage = .compete
    if let failure {
      // Held and not armed must not last: the claims are given up, and armed again soon (lease.md §2.8).
      if case .whole(let set) = arming {
        mustRearm = false
        wire = set
      }
      wire.claims = [:]
      self.pass?.scope = .everything
      isSilenceDue = true
      impediment = Impediment(filters: failure, retryAt: now + Self.retryInterval)
      return planner.update([:], at: now)
    }
    armedRevision = pass.revision
    switch arming {
    case .whole(let set):
      mustRearm = false
      let had = wire.addresses
      wire = set
      let gained = wire.addresses.subtracting(had)
      noteFirst(gained, at: now)
      planner.update(wire.claims, unasked: unasked(wire.claims, gained), at: now)
    case .change(let change):
      let gained = Set(change.added.keys.lazy.map(\.address)).filter { !isArmed($0) }
      for claim in change.removed { wire.claims[claim] = nil }
      for (claim, affirmation) in change.added { wire.claims[claim] = affirmation }
      noteFirst(gained, at: now)
      planner.amend(
        removed: change.removed, added: change.added, unasked: unasked(change.added, gained),
        at: now)
    }
  }

  /// What was gained just now and no other node is known to have had: a station that has it on the LAN is in no lease,
  /// and is asked for once. A former holder may still be leaving, and nothing is asked of it.
  private func unasked(
    _ claims: [Claim: Affirmation], _ gained: Set<IPAddress>
  ) -> Set<Claim> {
    Set(
      claims.keys.filter { gained.contains($0.address) && !formerlyHeld.contains($0.address) })
  }

  /// Whether an address is armed on any link.
  package func isArmed(_ address: IPAddress) -> Bool { !armedLinks(of: address).isEmpty }

  /// The links on which an address is armed, by index.
  package func armedLinks(of address: IPAddress) -> [Int32] {
    wire.links.lazy.map(\.interfaceIndex).filter { link in
      wire.claims[Claim(address: address, interfaceIndex: link)] != nil
    }
  }

  /// The links on which anything is armed, by index.
  package var armedLinks: Set<Int32> {
    wire.claims.isEmpty ? [] : Set(wire.links.lazy.map(\.interfaceIndex))
  }

  /// Loopback's is all zero: a frame from there is malformed, not ours.
  var ownHardwareAddresses: [MACAddress] {
    links.compactMap(\.hardwareAddress).filter(\.isStation)
  }

  /// Tells the election what this node can serve. It comes after `arm`, so that an address that is left out is silent
  /// before its claim goes to somebody else.
  mutating func compete() -> Step? {
    guard let serviceability, let scope = pass?.scope else { return nil }
    let old = self.candidates ?? []
    let (added, left): (Set<IPAddress>, Set<IPAddress>)
    switch scope {
    case .everything:
      let candidates = Set(serviceability.candidates.filter { isCandidate($0, serviceability) })
        .union(duties).union(busyDuties)
      (added, left) = (candidates.subtracting(old), old.subtracting(candidates))
    case .addresses(let addresses):
      let candidates = addresses.filter { isCandidate($0, serviceability) }
      (added, left) = (
        candidates.subtracting(old), addresses.subtracting(candidates).intersection(old)
      )
    }
    guard !added.isEmpty || !left.isEmpty || candidates == nil else { return nil }
    competitions += 1
    dropped = dropped.filter { $0.value > view.competitions }
    for address in left { dropped[address] = competitions }
    let new = old.union(added).subtracting(left)
    candidates = new
    return .compete(for: new)
  }

  /// Whether the election was told that this node can serve an address.
  package func competes(for address: IPAddress) -> Bool { candidates?.contains(address) ?? false }

  private func isCandidate(_ address: IPAddress, _ serviceability: Serviceability) -> Bool {
    if duties.contains(address) || busyDuties.contains(address) { return true }
    guard serviceability.candidates.contains(address), impediment?.filters == nil,
      // What is not told of as occupied yet is not claimed either.
      !inquiry.isPending(address), inquiry.occupant(of: address) == nil
    else { return false }
    guard let failed = impediment?.memberships, !failed.isEmpty else { return true }
    return canBeHeard(address, without: failed, serviceability)
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

  /// A change of so few claims costs less than looking at all.
  private static let fewClaims = 64
  /// A table is amended under the lock of the answering thread: no more at once. Another table is built beside it.
  private static let manyClaims = 1024

  /// Tells the election that the gate is shut for what it wants to give up. It comes after `arm`, which has taken these
  /// addresses out.
  mutating func giveUp() -> Step? {
    // What is being done under a duty ends first, and then this comes again.
    // What is armed still has its pass before it.
    let yielding = view.yielding.subtracting(busyDuties).filter { !isArmed($0) }
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
