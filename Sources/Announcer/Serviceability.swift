package import Wire

/// Which addresses this node can serve right now, and on which links: what makes it a candidate
/// (lease.md §2.9).
///
/// A function of wishes, links, and the node's own state, whatever the order of events that led
/// there.
package struct Serviceability: Sendable {
  /// The decision for one combination of requests and one address family.
  package struct Service: Hashable, Sendable {
    /// The links that serve, by index.
    package var links: [LinkID]
    /// Why none does; nil where one does.
    package var reason: BlockReason?
  }

  package let assignments: Assignments
  /// For each request, what its patterns select.
  package let selections: [InterfaceSelection]
  private let services: [(v4: Service, v6: Service)]
  /// What is wanted, could be served, and is something else already.
  package let taken: [IPAddress: AddressRole]
  /// The addresses this node can serve.
  package let candidates: Set<IPAddress>
  /// What the default patterns select, whether or not anything is to be announced.
  private let defaultSelection: InterfaceSelection
  private let subnetNotes: [SelectionNote]

  /// - Parameters:
  ///   - defaults: the patterns of requests that have none of their own.
  ///   - links: every link of the node.
  ///   - known: other stations' addresses.
  package init(
    _ assignments: Assignments, node: String, isDrained: Bool, defaults: [InterfacePattern] = [],
    links: [Link], known: KnownAddresses = KnownAddresses()
  ) {
    self.assignments = assignments
    defaultSelection = InterfaceSelection(patterns: defaults, links: links)
    // Most requests share their patterns.
    var selected: [[[InterfacePattern]]: InterfaceSelection] = [:]
    selections = assignments.requests.map { request in
      let key = [request.patterns, request.narrower]
      if let selection = selected[key] { return selection }
      let selection = InterfaceSelection(
        patterns: request.patterns, narrowedBy: request.narrower, links: links)
      selected[key] = selection
      return selection
    }
    let selections = selections
    let services = assignments.combinations.map { combination in
      let service = { (isIPv6: Bool) in
        Self.service(
          combination.map { (assignments.requests[$0], selections[$0]) }, isIPv6: isIPv6,
          node: node, isDrained: isDrained)
      }
      return (v4: service(false), v6: service(true))
    }
    self.services = services
    let sets = services.flatMap { [$0.v4.links, $0.v6.links] }
    subnetNotes = SharedSubnets(links).notes(on: Set(sets.map(Set.init)))
    let taken = Self.taken(assignments, services, links: links, known)
    self.taken = taken
    candidates = Set(
      assignments.addresses.lazy.filter { address, combination in
        let service = services[combination]
        return (address.isIPv6 ? service.v6 : service.v4).reason == nil && taken[address] == nil
      }.map(\.key))
  }

  /// Looks at what is known, and not at every address that is wanted: these may be many. What belongs to a link
  /// counts where that link would serve.
  private static func taken(
    _ assignments: Assignments, _ services: [(v4: Service, v6: Service)], links: [Link],
    _ known: KnownAddresses
  ) -> [IPAddress: AddressRole] {
    var taken: [IPAddress: AddressRole] = [:]
    func note(_ address: IPAddress, _ role: AddressRole, on index: Int32? = nil) {
      guard taken[address] == nil, let combination = assignments.addresses[address] else { return }
      let service = address.isIPv6 ? services[combination].v6 : services[combination].v4
      guard service.reason == nil else { return }
      if let index, !service.links.contains(where: { $0.index == index }) { return }
      taken[address] = role
    }
    for link in links.sorted(by: { $0.id.index < $1.id.index }) {
      for entry in link.subnetAddresses { note(entry.address, entry.role, on: link.id.index) }
      for address in link.ownAddresses {
        note(address, .ownAddress(link: link.name), on: link.id.index)
      }
      for gateway in known.gateways where gateway.linkIndex == link.id.index {
        note(gateway.address, .defaultGateway(link: link.name), on: link.id.index)
      }
    }
    for (address, place) in known.stores { note(address, .leaseStore(place)) }
    for (address, name) in known.nodes { note(address, .node(name)) }
    for (address, station) in known.stations {
      note(address, .station(station.hardwareAddress, link: station.link))
    }
    return taken
  }

  private static func service(
    _ requests: [(AnnouncementRequest, InterfaceSelection)], isIPv6: Bool, node: String,
    isDrained: Bool
  ) -> Service {
    if isDrained { return Service(links: [], reason: .drained) }
    let selected = requests.filter { $0.0.nodes?.contains(node) ?? true }
    let allowed = selected.filter { $0.0.obstacle == nil }
    if allowed.isEmpty, let obstacle = selected.first?.0.obstacle {
      return Service(links: [], reason: obstacle)
    }
    guard !allowed.isEmpty else {
      let nodes = requests.flatMap { $0.0.nodes ?? [] }
      return Service(links: [], reason: .nodeNotSelected(allowed: Set(nodes).sorted()))
    }
    var links: Set<LinkID> = []
    var down: [BlockReason.SkippedLink] = []
    var skipped: [BlockReason.SkippedLink] = []
    for verdict in allowed.flatMap(\.1.verdicts) {
      guard let reason = isIPv6 ? verdict.ndpReason : verdict.arpReason else {
        links.insert(verdict.link)
        continue
      }
      let entry = BlockReason.SkippedLink(name: verdict.name, reason: reason)
      if verdict.state == .down {
        if !down.contains(entry) { down.append(entry) }
      } else if !verdict.matchedBy.isEmpty, !skipped.contains(entry) {
        skipped.append(entry)
      }
    }
    if links.isEmpty {
      return Service(
        links: [], reason: down.isEmpty ? .noInterface(skipped) : .interfacesDown(down))
    }
    return Service(links: links.sorted { $0.index < $1.index }, reason: nil)
  }

  /// What is decided for `address`; nil where nobody wishes for it.
  package subscript(address: IPAddress) -> Service? {
    if let role = taken[address] { return Service(links: [], reason: .taken(role)) }
    return ofRequests(for: address)
  }

  /// What is decided for all addresses of the same requests, whatever `address` is besides; nil where nobody
  /// wishes for it.
  package func ofRequests(for address: IPAddress) -> Service? {
    guard let combination = assignments.addresses[address] else { return nil }
    return address.isIPv6 ? services[combination].v6 : services[combination].v4
  }

  /// Why addresses cannot be served here, each reason once: a handful, and one for each that is something else.
  package var reasons: Set<BlockReason> {
    Set(services.flatMap { [$0.v4.reason, $0.v6.reason] }.compactMap(\.self))
      .union(taken.values.map(BlockReason.taken))
  }

  /// What is worth saying about the patterns, each once.
  package var notes: [SelectionNote] {
    var seen: Set<SelectionNote> = []
    return (([defaultSelection] + selections).flatMap(\.notes) + subnetNotes)
      .filter { seen.insert($0).inserted }
  }

  /// The best verdict on each link over all requests, for people: active before down before
  /// skipped, with every pattern that matched.
  package var verdicts: [LinkVerdict] {
    var best: [LinkID: LinkVerdict] = [:]
    for verdict in ([defaultSelection] + selections).flatMap(\.verdicts) {
      guard let known = best[verdict.link] else {
        best[verdict.link] = verdict
        continue
      }
      let matchedBy = known.matchedBy + verdict.matchedBy.filter { !known.matchedBy.contains($0) }
      let winner = Self.rank(verdict) < Self.rank(known) ? verdict : known
      best[verdict.link] = LinkVerdict(
        link: winner.link, name: winner.name, state: winner.state, reason: winner.reason,
        arpReason: winner.arpReason, ndpReason: winner.ndpReason, matchedBy: matchedBy)
    }
    return best.values.sorted { $0.link.index < $1.link.index }
  }

  private static func rank(_ verdict: LinkVerdict) -> Int {
    switch verdict.state {
    case .active: 0
    case .down: 1
    case .skipped: 2
    }
  }
}
