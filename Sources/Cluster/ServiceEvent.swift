package import Wire

/// Something that people who look at a Service should know: what becomes a `v1.Event` on it.
package struct ServiceEvent: Hashable, Sendable {
  /// The words of `reason`, by which people filter.
  package enum Reason: String, Hashable, Sendable, CaseIterable {
    case announcing = "Announcing"
    case stopped = "AnnouncementStopped"
    case conflict = "AddressConflict"
    case blocked = "CannotAnnounce"
    case notAnnounced = "NotAnnounced"
    case given = "AddressAssigned"
    case taken = "AddressReleased"
    case notGiven = "AddressNotAssigned"
  }

  package var service: ObjectName
  /// Without it `kubectl describe` does not find the event.
  package var uid: String
  /// Nil where it is about none in particular.
  package var address: IPAddress?
  package var reason: Reason
  /// A sentence without its full stop.
  package var message: String

  package init(
    _ service: ObjectName, uid: String, address: IPAddress?, reason: Reason, message: String
  ) {
    self.service = service
    self.uid = uid
    self.address = address
    self.reason = reason
    self.message = message
  }

  package var isWarning: Bool { reason.isWarning }
}

extension ServiceEvent.Reason {
  /// `type`: whether somebody should do something about it.
  package var isWarning: Bool {
    switch self {
    case .announcing, .stopped, .given, .taken, .notAnnounced: false
    case .conflict, .blocked, .notGiven: true
    }
  }
}
