internal import Cluster

/// Which Services that are not announced people have been told of, by events on them: each reason once, and
/// again when it comes back.
struct UnannouncedReports {
  private var told: [ObjectKey: ServiceReason] = [:]

  /// A cluster may have thousands that are not meant to be announced: their status says so too.
  static let limit = 50

  /// What is new among `services`, which are all that are not announced now.
  mutating func events(for services: [UnannouncedService]) -> [ServiceEvent] {
    var events: [ServiceEvent] = []
    var known: [ObjectKey: ServiceReason] = [:]
    for entry in services where entry.service.source == .kubernetes {
      guard let reason = entry.reasons.first, let kind = reason.event else { continue }
      known[entry.service] = reason
      guard told[entry.service] != reason, events.count < Self.limit else { continue }
      events.append(
        ServiceEvent(
          entry.service.name, uid: entry.uid, address: nil, reason: kind,
          message: "nobody announces it: \(reason)"))
    }
    told = known
    return events
  }
}
