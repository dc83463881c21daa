package import Cluster
package import Time
package import Wire

extension PoolAllocator {
  /// Takes over a Service that is new or has changed. One that is older than what is known is ignored.
  ///
  /// - Parameter now: when it was seen; how fast somebody changes it against us depends on it.
  package mutating func update(_ service: Service, at now: Instant) {
    let known = entries[service.name]?.service.allocation.version
    guard serviceVersions.accepts(service.allocation.version, of: service.name, known: known)
    else { return }
    take(service, at: now)
  }

  /// Lets go of a Service that is gone.
  ///
  /// - Parameter version: the one it went at, where it is known; nil: it is gone for certain.
  package mutating func removeService(_ name: ObjectName, version: String?) {
    guard let entry = entries[name] else {
      if let version { serviceVersions.remove(name, at: version) }
      return
    }
    let known = entry.service.allocation.version
    guard serviceVersions.isGone(at: version, known: known) else { return }
    serviceVersions.remove(name, at: version ?? known)
    remove(name)
  }

  /// Makes the Services exactly these, but for what is newer than the list.
  package mutating func replaceServices(
    _ services: [Service], listVersion: String, at now: Instant
  ) {
    let names = Set(services.map(\.name))
    for (name, entry) in entries where !names.contains(name) {
      let known = entry.service.allocation.version
      if serviceVersions.isGone(at: listVersion, known: known) { remove(name) }
    }
    for service in services {
      let known = entries[service.name]?.service.allocation.version
      let version = service.allocation.version
      if serviceVersions.accepts(
        version, of: service.name, known: known, fromListAt: listVersion)
      {
        take(service, at: now)
      }
    }
    serviceVersions.list(at: listVersion)
  }

  /// A write of which nobody knows whether it was done: what it may have given counts as taken, and the
  /// Service gets no step until `letGo`.
  package mutating func hold(_ service: ObjectName, addresses: [IPAddress]) {
    letGo(service)
    var all: [IPAddress] = []
    for address in addresses where !all.contains(address) { all.append(address) }
    holds[service] = all
    let others = entries[service]?.addresses ?? []
    for address in all where !others.contains(address) { _ = occupy(address, service) }
    warnWaiting()
  }

  /// The outcome of the write is known, and has been fed in.
  package mutating func letGo(_ service: ObjectName) {
    guard let addresses = holds.removeValue(forKey: service) else { return }
    let others = entries[service]?.addresses ?? []
    for address in addresses where !others.contains(address) {
      vacate(address, service)
      wakeWaiting()
    }
    markDirty(service)
  }

  private mutating func take(_ service: Service, at now: Instant) {
    let name = service.name
    serviceVersions.add(name)
    let before = entries[name]
    guard let old = before, old.service.uid == service.uid else {
      if before != nil { remove(name) }
      entries[name] = ServiceEntry(service)
      settleAddresses(name, from: [], key: nil)
      markDirty(name)
      return
    }
    if old.service == service { return }
    var facts = old.service
    facts.allocation.version = service.allocation.version
    if facts == service {
      entries[name]?.service.allocation.version = service.allocation.version
      return
    }
    var entry = ServiceEntry(service)
    entry.isKnownOurs = old.isKnownOurs
    entry.disturbed = old.disturbed
    entry.verdict = old.verdict
    entry.intended = old.intended
    entry.foreign = old.foreign
    if service.labels == old.service.labels { entry.selected = old.selected }
    let sharesAsBefore = Sharing.isSame(service, old.service)
    if !sharesAsBefore && !entry.addresses.isEmpty {
      disturbances += 1
      entry.disturbed = disturbances
    }
    entries[name] = entry
    noteChange(from: old.service, to: service, at: now)
    settleAddresses(name, from: old.addresses, key: old.service.allocation.sharingKey)
    if !sharesAsBefore || standingChanged(old, entry) {
      for address in entry.addresses { markHolders(of: address) }
      wakeWaiting()
    } else if old.ingress != entry.ingress {
      // Given and external addresses are taken alike; only given ones drive others out.
      for address in entry.addresses where old.has(address) != entry.has(address) {
        markHolders(of: address)
      }
    }
    if old.order != entry.order { reorder() }
    markDirty(name)
  }

  private func standingChanged(_ old: ServiceEntry, _ new: ServiceEntry) -> Bool {
    old.standing(settings) != new.standing(settings)
  }

  private mutating func remove(_ name: ObjectName) {
    guard let entry = entries.removeValue(forKey: name) else { return }
    forget(name)
    let held = holds[name] ?? []
    let key = entry.service.allocation.sharingKey
    for address in entry.addresses {
      if !held.contains(address) { leave(address, name) }
    }
    guard let key else { return }
    for address in entry.addresses + held.filter({ !entry.addresses.contains($0) }) {
      occupancy.removeKey(key, address)
    }
  }
}
