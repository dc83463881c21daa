internal import Announcer
internal import Cluster
internal import Configuration
internal import Control
internal import RawSocket
internal import Reconciler
internal import Wire

/// What the daemon says of Services, of those above all that are not announced.
extension Coordinator {
  /// How many are not announced, why, and the first of them.
  var unannouncedServices: ServicesStatus {
    let services = parts.cluster.unannounced(first: ServicesStatus.shown)
    return ServicesStatus(
      unannounced: services.total, reasons: services.counts,
      first: services.first.map { entry in
        ServicesStatus.Unannounced(
          service: entry.service.name.description, place: entry.place, reason: entry.words)
      })
  }

  /// What one Service asks for, and why not for more.
  func explanation(of name: ObjectName) -> Explanation {
    let services = parts.cluster.standings(ofService: name).map { standing in
      let place = standing.place ?? "from the API server"
      return ServiceStatus(
        service: name.description, place: place, wantsAnnouncing: standing.wantsAnnouncing,
        addresses: standing.addresses.filter { assignments.addresses[$0] != nil }.map { address in
          addressStatus(
            address, reconciler.armed.keys.filter { $0.address == address },
            parts.responder.counts(of: address),
            reconciler.occupant(of: address) ?? reconciler.defence.latest(for: address))
        },
        reasons: standing.reasons.map(\.description))
    }
    let isSettled = services.contains { !$0.addresses.isEmpty }
    return Explanation(
      version: parts.version, node: configuration.node, asked: name.description, services: services,
      notes: isSettled ? [] : unreadableNotes)
  }

  /// Why something may be missing from what is wanted: sources that have not told all they have, files and
  /// policies that cannot be read. The first few.
  var unreadableNotes: [String] {
    let sources = sources().compactMap { source -> String? in
      switch source.state {
      case .waiting: "\(source.name) (\(source.place)) has not told all it has yet"
      case .failing: "\(source.name) (\(source.place)) is not heard: \(source.error ?? "")"
      default: nil
      }
    }
    let notes = sources + clusterOutcome.faults
    let shown = notes.prefix(Self.shownNotes)
    let others = notes.count - shown.count
    return shown + (others > 0 ? ["and \(others) more, which `announcer status` lists"] : [])
  }

  private static let shownNotes = 5
}
