internal import Announcer
internal import Cluster
internal import Configuration
internal import Lease
internal import Reconciler
internal import Wire

/// What people who look at a Service are told: events on it.
extension Coordinator {
  func reportGained(_ links: [IPAddress: [String]]) {
    report(.announcing, links.keys) { address in
      let names = (links[address] ?? []).sorted().joined(separator: ", ")
      return "\(configuration.node) announces \(address) on \(names)"
    }
  }

  func reportLost(_ reasons: [IPAddress: String]) {
    report(.stopped, reasons.keys) { address in
      "\(configuration.node) no longer announces \(address): \(reasons[address] ?? "")"
    }
  }

  /// Tells Services that have come to an address, or have gone from one, while this node announces it.
  ///
  /// What becomes of the address itself is told to the Services that want it by then: neither a second one nor one
  /// that asks for nothing any more would hear of it.
  func reportOtherServices(than before: Wishes) {
    guard reportsEvents else { return }
    let wishes = clusterOutcome.wishes
    let node = configuration.node
    var events: [ServiceEvent] = []
    for address in wishes.addressesWithOtherServices(than: before).sorted()
    where history.isArmed(address) {
      let (then, now) = (before.services(of: address), wishes.services(of: address))
      let rest =
        now.isEmpty ? "" : "; it does so for \(now.map(\.name.description).joined(separator: ", "))"
      events += self.events(
        .stopped, address, "\(node) no longer announces \(address) for this Service\(rest)",
        to: then.filter { !now.contains($0) })
      events += self.events(
        .announcing, address, "\(node) announces \(address) already",
        to: now.filter { !then.contains($0) })
    }
    if !events.isEmpty { parts.tellServices(events) }
  }

  func reportConflict(_ claim: Claim, _ decision: ConflictDefence.Decision) {
    report(.conflict, [claim.address]) { address in
      "\(decision.record.hardwareAddress) claims \(address) too, on \(name(of: claim.interfaceIndex))"
    }
  }

  /// Tells of addresses that this node should be able to announce and cannot, when that begins.
  func reportBlocked(since before: Serviceability?) {
    guard let service = reconciler.serviceability else { return }
    logNobody(since: before)
    logTaken(since: before)
    guard reportsEvents else { return }
    let isSpokesman = isSpokesman
    let isWorthTelling = service.reasons.contains { Self.isWorthTelling($0, isSpokesman) }
    guard isWorthTelling else { return }
    var texts: [IPAddress: String] = [:]
    for address in assignments.addresses.keys {
      guard let reason = service[address]?.reason, before?[address]?.reason != reason else {
        continue
      }
      guard Self.isWorthTelling(reason, isSpokesman) else { continue }
      let who =
        reason.isEverybodys ? "nobody announces" : "\(configuration.node) cannot announce"
      texts[address] = "\(who) \(address): \(reason)"
    }
    report(.blocked, texts.keys) { texts[$0] ?? "" }
  }

  private static func isWorthTelling(_ reason: BlockReason, _ isSpokesman: Bool) -> Bool {
    switch reason {
    case .noInterface, .interfacesDown, .taken, .nodeUnknown, .nodeUnread, .nodeGone: true
    case .noEndpoint, .everyNodeExcluded, .noNodeSelected: isSpokesman
    // Somebody means it to be so, and another node has the address.
    case .drained, .nodeNotSelected, .noLocalEndpoint, .policiesForOtherNodes, .nodeExcluded,
      .nodeLeaving, .nodeNotDescribed:
      false
    }
  }

  /// A session has been opened: from here on it is known who speaks of what every node sees.
  func reportWhatEverybodySees() {
    guard reportsEvents, isSpokesman, let service = reconciler.serviceability else { return }
    var texts: [IPAddress: String] = [:]
    for address in assignments.addresses.keys {
      guard let reason = service[address]?.reason, reason.isEverybodys else { continue }
      texts[address] = "nobody announces \(address): \(reason)"
    }
    report(.blocked, texts.keys) { texts[$0] ?? "" }
  }

  /// One line where no node may announce: a node that never had the address would
  /// not say a word of it.
  private func logNobody(since before: Serviceability?) {
    guard let service = reconciler.serviceability else { return }
    let known = before?.reasons ?? []
    for reason in service.reasons where reason.isEverybodys && reason != .noEndpoint {
      guard !known.contains(reason) else { continue }
      let addresses = assignments.addresses.keys.filter { service[$0]?.reason == reason }.sorted()
      guard let first = addresses.first else { continue }
      let others = addresses.count > 1 ? " and \(addresses.count - 1) more" : ""
      parts.log.warn("nobody announces \(first)\(others): \(reason)")
    }
  }

  /// A line for each of the first few that are something else already, and were not before.
  private func logTaken(since before: Serviceability?) {
    let news = (reconciler.serviceability?.taken ?? [:]).filter {
      before?.taken[$0.key] != $0.value
    }
    .sorted { $0.key < $1.key }
    for (address, role) in news.prefix(EventLog.limit) {
      parts.log.warn("\(address) is not announced: \(BlockReason.taken(role))")
    }
    let rest = news.count - EventLog.limit
    if rest > 0 {
      parts.log.warn("\(rest) more addresses are not announced, because they are something else")
    }
  }

  /// Whether this node is the one that says what every node sees: the first by name of those that are
  /// there.
  private var isSpokesman: Bool {
    guard case .open = reconciler.view.session else { return false }
    return reconciler.view.nodes.allSatisfy { configuration.node < $0 }
  }

  private var reportsEvents: Bool { configuration.kubernetes?.announcesServices ?? false }

  private func report(
    _ reason: ServiceEvent.Reason, _ addresses: some Collection<IPAddress>,
    _ message: (IPAddress) -> String
  ) {
    guard reportsEvents, !addresses.isEmpty else { return }
    var events: [ServiceEvent] = []
    for address in addresses {
      let services = clusterOutcome.wishes.services(of: address)
      events += self.events(reason, address, message(address), to: services)
    }
    parts.tellServices(events)
  }

  /// None for Services from files, nor for those that are gone.
  private func events(
    _ reason: ServiceEvent.Reason, _ address: IPAddress, _ message: String, to services: [ObjectKey]
  ) -> [ServiceEvent] {
    services.compactMap { key in
      guard key.source == .kubernetes, let uid = parts.cluster.uid(of: key) else { return nil }
      return ServiceEvent(key.name, uid: uid, address: address, reason: reason, message: message)
    }
  }
}
