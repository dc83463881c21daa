internal import Announcer
internal import Configuration
internal import HostAudit
internal import Lease
internal import LinuxSystem
internal import RawSocket
internal import Time
internal import Wire

/// Asking for an address before it is announced for the first time, and not taking what somebody has.
extension Coordinator {
  /// Follows what is wanted: asked for is what this node could serve and nobody is known to have announced. What a
  /// node announces, or another node of ours was seen to hold, is a takeover, and waits for nothing.
  mutating func inquire(at now: Instant) {
    guard let service else { return }
    familiar.formUnion(view.held.keys)
    // A session that had this node's name had its addresses too: that it answers still, or that they are free, says
    // nothing of strangers.
    if case .waiting = view.session {
      familiar.formUnion(service.candidates)
      familiar.formUnion(service.taken.keys.filter { service.taken[$0]?.isStation == true })
    }
    var unknown: Set<IPAddress> = []
    if configuration.asksFirst {
      unknown = service.candidates.subtracting(familiar)
      for (address, role) in service.taken where role.isStation && !familiar.contains(address) {
        unknown.insert(address)
      }
      let answered = answeredByKernel(unknown)
      familiar.formUnion(answered)
      unknown.subtract(answered)
    }
    guard !(unknown.isEmpty && inquiry.isEmpty && !isScouting) else { return }
    // Each is asked for on each link that would serve it.
    let width = unknown.first.map { servingLinks(of: $0).count } ?? 1
    inquiry.update(unknown, room: Inquiry.capacity / max(1, width), at: now)
    listenForStations()
    noteStations()
  }

  /// Those that the kernel of this node would answer for, too. The kernels of other nodes may do the same
  /// (kube-proxy's IPVS mode gives every node every address), so that stations that answer prove nothing. The audit warns
  /// of them.
  private func answeredByKernel(_ addresses: Set<IPAddress>) -> Set<IPAddress> {
    guard !addresses.isEmpty else { return [] }
    let local = LocalAddresses(links ?? [])
    var known: [String: Bool] = [:]
    func answersForOtherLinks(_ link: String) -> Bool {
      if let known = known[link] { return known }
      let answers = HostFactsReader().answersForOtherLinks(on: link)
      known[link] = answers
      return answers
    }
    return addresses.filter { address in
      guard local.holder(of: address) != nil else { return false }
      return servingLinks(of: address).contains { link in
        local.isConfigured(address, on: link.name)
          || !address.isIPv6 && answersForOtherLinks(link.name)
      }
    }
  }

  /// The links that serve an address, or would if no station had it.
  private func servingLinks(of address: IPAddress) -> [Link] {
    let ids = Set(service?.ofRequests(for: address)?.links ?? [])
    return (links ?? []).filter { ids.contains($0.id) }
  }

  private func claimsToAskFor(_ address: IPAddress) -> [Claim] {
    servingLinks(of: address).map { Claim(address: address, interfaceIndex: $0.id.index) }
  }

  private mutating func listenForStations() {
    let addresses = inquiry.pending.union(inquiry.occupied.keys)
    var contexts: [Int32: LinkContext] = [:]
    var claims: [Claim] = []
    for address in addresses {
      for link in servingLinks(of: address) {
        guard let hardwareAddress = link.hardwareAddress else { continue }
        claims.append(Claim(address: address, interfaceIndex: link.id.index))
        contexts[link.id.index] = LinkContext(
          interfaceIndex: link.id.index, hardwareAddress: hardwareAddress,
          linkLocalAddress: link.linkLocalAddress)
      }
    }
    isScouting = !claims.isEmpty
    let own = (links ?? []).compactMap(\.hardwareAddress).filter(\.isStation)
    do throws(SystemError) {
      try scout.replace(
        claims, links: contexts.values.sorted { $0.interfaceIndex < $1.interfaceIndex },
        ownHardwareAddresses: own)
    } catch {
      // Deaf, it finds everything free, as before this was asked at all.
      log.cannotAskFirst(error)
    }
  }

  /// What stations have that are none of our nodes. Nothing is said of them before the store was read once, because a
  /// node of ours may be the one that answers. Nothing can be announced then either.
  var occupants: [IPAddress: ConflictDefence.Record] {
    view.confirmedAt == .distantPast ? [:] : inquiry.occupied
  }

  func occupant(of address: IPAddress) -> ConflictDefence.Record? {
    view.confirmedAt == .distantPast ? nil : inquiry.occupant(of: address)
  }

  /// Takes what the scout has heard.
  mutating func hearStations() {
    for answer in scout.answers.take() {
      let isKnown = inquiry.occupant(of: answer.address) != nil
      inquiry.hear(
        answer.address, from: answer.hardwareAddress, on: answer.interfaceIndex,
        count: answer.count, lastSeenAt: answer.lastSeenAt)
      if isKnown || inquiry.isPending(answer.address) {
        conflictCounts[answer.address, default: 0] += UInt64(answer.count)
      }
    }
  }

  /// Asks what is due, and takes the verdicts.
  ///
  /// - Returns: when to look again.
  mutating func askFirst(at now: Instant) -> Instant {
    guard !inquiry.isEmpty else { return .distantFuture }
    hearStations()
    var hasVerdict = false
    while true {
      switch inquiry.next(at: now) {
      case .ask(let address):
        for claim in claimsToAskFor(address) { scout.ask(for: claim) }
      case .free(let address):
        familiar.insert(address)
        hasVerdict = true
      case .occupied: hasVerdict = true
      case .wait(let until):
        noteStations()
        if hasVerdict { isStale = true }
        return until
      }
    }
  }

  /// Lets everything that looks at an address know which ones others have.
  private mutating func noteStations() {
    let new = occupants.mapValues {
      KnownAddresses.Station(hardwareAddress: $0.hardwareAddress, link: name(of: $0.interfaceIndex))
    }
    guard new != stations else { return }
    let isFirst = stations.isEmpty
    stations = new
    reconsider()
    if isFirst { conflictWarnings.forEach(log.warn) }
  }
}
