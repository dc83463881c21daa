internal import Cluster

/// What an event object says, and where it lies.
extension EventQueue.News {
  var reason: ServiceEvent.Reason {
    switch self {
    case .one(let event): event.reason
    case .many(let reason, _): reason
    }
  }

  /// That of the Service; the API server wants events on objects without a namespace in `default`.
  var namespace: String {
    switch self {
    case .one(let event): event.service.namespace
    case .many: "default"
    }
  }

  /// What the event's name begins with. A node's name need not be one that the API server accepts.
  var stem: String {
    switch self {
    case .one(let event): event.service.name
    case .many: EventForm.component
    }
  }

  func message(from node: String) -> String {
    switch self {
    case .one(let event): event.message
    case .many(let reason, let count):
      "\(reason.sentence(node, count)), without events of their own: see `announcer status` on \(node)"
    }
  }
}

extension ServiceEvent.Reason {
  fileprivate func sentence(_ node: String, _ count: Int) -> String {
    let addresses = count == 1 ? "1 more address" : "\(count) more addresses"
    let services = count == 1 ? "1 more Service" : "\(count) more Services"
    return switch self {
    case .announcing: "\(node) announces \(addresses)"
    case .stopped: "\(node) no longer announces \(addresses)"
    case .conflict: "other stations claimed \(addresses) of \(node)"
    case .blocked: "\(node) found that \(addresses) cannot be announced"
    case .notAnnounced: "nobody announces \(services)"
    case .given: "addresses were given to \(services)"
    case .taken: "addresses were taken from \(services)"
    case .notGiven: "no addresses were given to \(services)"
    }
  }
}
