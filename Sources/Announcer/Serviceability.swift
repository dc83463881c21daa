package import Wire

/// Which addresses this node can serve right now, and on which links: what makes it a candidate
/// (LEASE §2.9).
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
  /// The addresses this node can serve.
  package let candidates: Set<IPAddress>
  /// What the default patterns select, whether or not anything is to be announced.
  private let defaultSelection: InterfaceSelection

  /// - Parameters:
  ///   - defaults: the patterns of requests that have none of their own.
  ///   - links: every link of the node.
  package init(
    _ assignments: Assignments, node: String, isDrained: Bool, defaults: [InterfacePattern] = [],
    links: [Link]
  ) {
    self.assignments = assignments
    defaultSelection = InterfaceSelection(patterns: defaults, links: links)
    // Most requests share their patterns.
    var known: [[[InterfacePattern]]: InterfaceSelection] = [:]
    selections = assignments.requests.map { request in
      let key = [request.patterns, request.narrower]
      if let selection = known[key] { return selection }
      let selection = InterfaceSelection(
        patterns: request.patterns, narrowedBy: request.narrower, links: links)
      known[key] = selection
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
    candidates = Set(
      assignments.addresses.lazy.filter { address, combination in
        let service = services[combination]
        return (address.isIPv6 ? service.v6 : service.v4).reason == nil
      }.map(\.key))
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
    guard let combination = assignments.addresses[address] else { return nil }
    return address.isIPv6 ? services[combination].v6 : services[combination].v4
  }

  /// Why addresses cannot be served here, each reason once: a handful, however many addresses there are.
  package var reasons: Set<BlockReason> {
    Set(services.flatMap { [$0.v4.reason, $0.v6.reason] }.compactMap(\.self))
  }

  /// What is worth saying about the patterns, each once.
  package var notes: [SelectionNote] {
    var seen: Set<SelectionNote> = []
    return ([defaultSelection] + selections).flatMap(\.notes).filter { seen.insert($0).inserted }
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
