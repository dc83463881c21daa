package import Wire

extension Selection {
  /// The Services that want to be announced and are not, counted, and the first of them by name.
  ///
  /// A walk over all Services, which keeps `limit` of them: for a person who asks.
  package func unannounced(first limit: Int) -> UnannouncedServices {
    var result = UnannouncedServices()
    var first: [ObjectKey] = []
    for (key, entry) in services where entry.isUnannounced {
      result.counts[entry.decision.reasons[0].code, default: 0] += 1
      if first.count == limit {
        guard let last = first.last, key < last else { continue }
        first.removeLast()
      }
      first.insert(key, at: first.firstIndex { key < $0 } ?? first.endIndex)
    }
    result.first = first.compactMap { key in services[key].map { $0.unannounced(key) } }
    return result
  }

  /// All Services that want to be announced and are not, by name.
  package var unannounced: [UnannouncedService] {
    services.filter(\.value.isUnannounced).map { $0.value.unannounced($0.key) }
      .sorted { $0.service < $1.service }
  }

  /// What the Services of a name ask for, of each source.
  package func standings(ofService name: ObjectName) -> [ServiceStanding] {
    [ObjectSource.kubernetes, .manifests].compactMap { source in
      let key = ObjectKey(name, source)
      guard let entry = services[key] else { return nil }
      return ServiceStanding(
        service: key, place: entry.service.place, wantsAnnouncing: entry.service.wantsAnnouncing,
        addresses: entry.decision.wishes.map(\.address), reasons: entry.decision.reasons)
    }
  }
}

/// What one Service asks for.
package struct ServiceStanding: Hashable, Sendable {
  package var service: ObjectKey
  package var place: String?
  package var wantsAnnouncing: Bool
  /// What is wanted of it, by whatever node.
  package var addresses: [IPAddress]
  /// Why nothing is, or less than it has.
  package var reasons: [ServiceReason]
}

extension Service {
  /// Whether somebody expects it to be reached from outside. A file may leave the type out.
  package var wantsAnnouncing: Bool {
    if !externalIPs.isEmpty { return true }
    guard let type else { return !ingress.isEmpty || !(loadBalancerIP ?? "").isEmpty }
    return type == "LoadBalancer"
  }
}

extension Selection.ServiceEntry {
  /// Whether people should know that it is not announced, or not with all that is written in it.
  fileprivate var isUnannounced: Bool {
    guard !decision.reasons.isEmpty, service.wantsAnnouncing else { return false }
    return decision.wishes.isEmpty || decision.reasons.contains(where: \.isFault)
  }

  fileprivate func unannounced(_ key: ObjectKey) -> UnannouncedService {
    UnannouncedService(
      service: key, uid: service.uid, place: service.place, reasons: decision.reasons)
  }
}
