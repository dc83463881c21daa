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
}
