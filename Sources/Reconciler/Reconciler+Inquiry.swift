package import Announcer
internal import Lease
package import Time
package import Wire

/// Asking for an address before it is announced for the first time, and not taking what a station has.
extension Reconciler {
  /// Finds what this node could serve and nobody is known to have announced. What a node announces, or another node was
  /// seen to hold, is a takeover, and waits for nothing.
  mutating func lookUp() -> Step? {
    guard let serviceability, let scope = pass?.scope else { return nil }
    let found =
      switch scope {
      // The step was not reported yet, and comes again.
      case _ where pass?.unknown != nil: pass?.unknown
      case .everything: everythingUnknown(serviceability)
      case .addresses(let addresses): unknown(with: addresses, serviceability)
      }
    pass?.unknown = found
    guard let unknown = found else {
      pass?.stage = .join
      return nil
    }
    if !unknown.isEmpty { return .lookUp(unknown) }
    pass?.stage = .listen
    return nil
  }

  private mutating func everythingUnknown(_ serviceability: Serviceability) -> Set<IPAddress> {
    for address in view.held.keys { noteFamiliar(address) }
    let stations = serviceability.taken.filter(\.value.isStation).keys
    // A session that had this node's name had its addresses too: that it answers still, or that they are free, says
    // nothing of strangers.
    if case .waiting = view.session {
      familiar.formUnion(serviceability.candidates)
      familiar.formUnion(stations)
    }
    return asksFirst ? serviceability.candidates.union(stations).subtracting(familiar) : []
  }

  /// What is unknown once these addresses have been looked at; nil where they change nothing.
  private mutating func unknown(
    with addresses: Set<IPAddress>, _ serviceability: Serviceability
  ) -> Set<IPAddress>? {
    let different = addresses.filter { address in
      if view.held[address] != nil { noteFamiliar(address) }
      let isServed =
        serviceability.candidates.contains(address)
        || serviceability.taken[address]?.isStation ?? false
      return unknown.contains(address) != (asksFirst && isServed && !familiar.contains(address))
    }
    return different.isEmpty ? nil : unknown.symmetricDifference(different)
  }

  /// What is left to a station is held until its claim is released.
  private mutating func noteFamiliar(_ held: IPAddress) {
    if inquiry.occupant(of: held) == nil { familiar.insert(held) }
  }

  /// What became of `lookUp`.
  ///
  /// - Parameter answered: addresses that the kernel of this node answers for, too. The kernels of other nodes may do
  ///   the same (kube-proxy's IPVS mode gives every node every address), so that stations that answer prove nothing.
  package mutating func report(answeredByKernel answered: Set<IPAddress>) {
    guard pass?.stage == .lookUp else { return }
    familiar.formUnion(answered)
    pass?.unknown?.subtract(answered)
    pass?.stage = .listen
  }

  mutating func listen(at now: Instant) -> Step? {
    pass?.stage = .join
    unknown = pass?.unknown ?? unknown
    guard !(unknown.isEmpty && inquiry.isEmpty && !isListening) else {
      return nil
    }
    pass?.stage = .reassess
    // Each is asked for on each link that would serve it.
    let width = unknown.first.map { servingLinks(of: $0).count } ?? 1
    inquiry.update(unknown, room: Inquiry.capacity / max(1, width), at: now)
    noteOccupants()
    let set = listeningSet()
    isListening = !set.claims.isEmpty
    return .listen(set)
  }

  private func listeningSet() -> ListeningSet {
    var contexts: [Int32: LinkContext] = [:]
    var claims: [Claim] = []
    for address in inquiry.pending.union(inquiry.occupied.keys) {
      for link in servingLinks(of: address) {
        guard let context = LinkContext(link) else { continue }
        claims.append(Claim(address: address, interfaceIndex: link.id.index))
        contexts[link.id.index] = context
      }
    }
    return ListeningSet(
      claims: claims, links: contexts.values.sorted { $0.interfaceIndex < $1.interfaceIndex },
      ownHardwareAddresses: ownHardwareAddresses)
  }

  /// The links that serve an address, or would if no station had it.
  package func servingLinks(of address: IPAddress) -> [Link] {
    let ids = Set(serviceability?.ofRequests(for: address)?.links ?? [])
    return links.filter { ids.contains($0.id) }
  }

  /// Asks what is due, and takes the verdicts.
  mutating func nextQuestion(at now: Instant) -> Step? {
    inquiryDueAt = .distantFuture
    guard !inquiry.isEmpty else { return nil }
    while true {
      switch inquiry.next(at: now) {
      case .ask(let address):
        let claims = servingLinks(of: address).map {
          Claim(address: address, interfaceIndex: $0.id.index)
        }
        if !claims.isEmpty { return .question(claims) }
      case .free(let address):
        familiar.insert(address)
        foundFree.insert(address)
        stale = .everything
      case .occupied: stale = .everything
      case .wait(let until):
        inquiryDueAt = until
        noteOccupants()
        return nil
      }
    }
  }

  /// Takes note of a station that has asserted an address which is asked for.
  ///
  /// - Returns: whether it contests what this node would announce.
  package mutating func hearStation(
    _ address: IPAddress, from hardwareAddress: MACAddress, on interfaceIndex: Int32, count: Int,
    lastSeenAt: Instant
  ) -> Bool {
    isAnnouncing = false
    let isKnown = inquiry.occupant(of: address) != nil
    inquiry.hear(
      address, from: hardwareAddress, on: interfaceIndex, count: count, lastSeenAt: lastSeenAt)
    return isKnown || inquiry.isPending(address)
  }

  /// What stations have that are none of our nodes. Nothing is said of them before the store was read once, because a
  /// node of ours may be the one that answers. Nothing can be announced then either.
  package var occupants: [IPAddress: ConflictDefence.Record] {
    view.confirmedAt == .distantPast ? [:] : inquiry.occupied
  }

  package func occupant(of address: IPAddress) -> ConflictDefence.Record? {
    view.confirmedAt == .distantPast ? nil : inquiry.occupant(of: address)
  }

  /// Whether the LAN is being asked for an address.
  package func isAsking(for address: IPAddress) -> Bool { inquiry.isPending(address) }

  /// Whether a verdict is awaited for anything.
  package var awaitsVerdicts: Bool { !inquiry.pending.isEmpty }

  /// Lets everything that looks at an address know which ones stations have.
  private mutating func noteOccupants() {
    let new = occupants.mapValues(\.hardwareAddress)
    guard new != knownOccupants else { return }
    knownOccupants = new
    isReassessDue = true
  }
}
