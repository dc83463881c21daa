internal import Announcer
internal import Cluster
internal import Configuration
internal import Lease
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

  func reportConflict(_ claim: Claim, _ decision: ConflictDefence.Decision) {
    report(.conflict, [claim.address]) { address in
      "\(decision.record.hardwareAddress) claims \(address) too, on \(name(of: claim.interfaceIndex))"
    }
  }

  /// Tells of addresses that this node should be able to announce and cannot, when that begins.
  func reportBlocked(since before: Serviceability?) {
    guard reportsEvents, let service else { return }
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
        reason == .noEndpoint ? "nobody announces" : "\(configuration.node) cannot announce"
      texts[address] = "\(who) \(address): \(reason)"
    }
    report(.blocked, texts.keys) { texts[$0] ?? "" }
  }

  private static func isWorthTelling(_ reason: BlockReason, _ isSpokesman: Bool) -> Bool {
    switch reason {
    case .noInterface, .interfacesDown: true
    case .noEndpoint: isSpokesman
    default: false
    }
  }

  /// Whether this node is the one that says what every node sees: the first by name of those that are
  /// there.
  private var isSpokesman: Bool { view.nodes.allSatisfy { configuration.node < $0 } }

  private var reportsEvents: Bool { configuration.kubernetes?.announcesServices ?? false }

  private func report(
    _ reason: ServiceEvent.Reason, _ addresses: some Collection<IPAddress>,
    _ message: (IPAddress) -> String
  ) {
    guard reportsEvents, !addresses.isEmpty else { return }
    var events: [ServiceEvent] = []
    for address in addresses {
      for key in wishes.services(of: address) where key.source == .kubernetes {
        guard let uid = cluster.uid(of: key) else { continue }
        events.append(
          ServiceEvent(
            key.name, uid: uid, address: address, reason: reason, message: message(address)))
      }
    }
    tellServices(events)
  }
}
