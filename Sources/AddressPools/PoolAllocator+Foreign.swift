package import Cluster
package import Time

/// Two who write the same field must not do so for ever: we are the one to stop (pools.md §5.3).
extension PoolAllocator {
  /// So many changes against us within `foreignWindow`, and the Service is left alone.
  package static let foreignLimit = 3
  package static let foreignWindow = Duration.seconds(60)
  /// How long it is left alone, unless people change what it asks for, or the pools.
  package static let truce = Duration.seconds(300)

  /// A write was done: what differs from it later is somebody else's doing.
  ///
  /// - Parameter version: the one that the write gave the object.
  package mutating func wrote(
    _ service: ObjectName, version: String, ingress: [Service.Ingress], at now: Instant
  ) {
    guard let entry = entries[service] else { return }
    // The watch may have been faster than the answer, and have brought what came after it.
    let isOvertaken =
      UInt64(version).flatMap { written in
        UInt64(entry.service.allocation.version).map { $0 > written }
      } ?? false
    var record = entry.foreign ?? ForeignRecord(ingress: ingress, wrote: ingress)
    record.wrote = ingress
    let isCounted =
      isOvertaken && entry.foreign.map { Self.isSame($0.ingress, entry.service.ingress) } ?? false
    if !isCounted { record.ingress = ingress }
    entries[service]?.foreign = record
    if isOvertaken { note(entry.service, at: now) }
  }

  /// Who changes Services against us, by name.
  package var foreignActivity: [ForeignActivity] {
    entries.values.compactMap { entry in
      guard let record = entry.foreign, record.count > 0 else { return nil }
      return ForeignActivity(
        service: entry.name, uid: entry.service.uid, wrote: Self.words(record.wrote),
        found: Self.words(record.found), count: record.count,
        isLeftAlone: leftAlone[entry.name] != nil)
    }.sorted { $0.service < $1.service }
  }

  /// A Service has changed.
  mutating func noteChange(from old: Service, to new: Service, at now: Instant) {
    if Self.isAskedOtherwise(old, new) { leftAlone[new.name] = nil }
    note(new, at: now)
  }

  mutating func endLeavingAlone(at now: Instant) {
    leftAlone = leftAlone.filter { $0.value > now }
  }

  private mutating func note(_ service: Service, at now: Instant) {
    guard let entry = entries[service.name], var record = entry.foreign,
      !Self.isSame(service.ingress, record.ingress)
    else { return }
    let before = record.ingress
    record.ingress = service.ingress
    // A write of ours whose answer has not come yet, or never will.
    let isOurs = entry.intended.map { Self.isSame(service.ingress, $0) } ?? false
    if !isOurs {
      (record.wrote, record.found) = (before, service.ingress)
      record.count += 1
      record.recent = record.recent.filter { now - $0 < Self.foreignWindow } + [now]
      if record.recent.count >= Self.foreignLimit {
        record.recent = []
        leftAlone[service.name] = now + Self.truce
      }
    }
    entries[service.name]?.foreign = record
  }

  /// Whether people have changed something about it, rather than a controller its status.
  private static func isAskedOtherwise(_ old: Service, _ new: Service) -> Bool {
    var one = old
    var two = new
    one.ingress = []
    two.ingress = []
    one.allocation.version = ""
    two.allocation.version = ""
    one.allocation.conditions = []
    two.allocation.conditions = []
    return one != two
  }

  /// The server adds what is left out (`ipMode`): only names and addresses say who it is.
  private static func isSame(_ one: [Service.Ingress], _ two: [Service.Ingress]) -> Bool {
    words(one) == words(two)
  }

  private static func words(_ ingress: [Service.Ingress]) -> [String] {
    ingress.map { item in
      guard let name = item.hostname, !name.isEmpty else { return item.ip ?? "" }
      return name
    }
  }
}
