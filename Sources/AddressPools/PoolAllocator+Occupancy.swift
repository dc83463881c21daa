internal import Cluster
internal import Wire

extension PoolAllocator {
  /// - Returns: whether the Service has not had it already, in whatever way.
  mutating func occupy(_ address: IPAddress, _ name: ObjectName) -> Bool {
    guard !occupancy.holders(of: address).contains(name) else { return false }
    if occupancy.add(address, name) { table.took(address) }
    if let key = entries[name]?.service.allocation.sharingKey { occupancy.addKey(key, address) }
    return true
  }

  /// The counterpart of `occupy`.
  mutating func vacate(_ address: IPAddress, _ name: ObjectName) {
    if occupancy.remove(address, name) { table.freed(address) }
    if let key = entries[name]?.service.allocation.sharingKey {
      occupancy.removeKey(key, address)
    }
  }

  /// A Service has other addresses, or another sharing key, than it had.
  ///
  /// Only those whose decision may hang on it are decided anew: ten thousand that get an address each must
  /// not wake each other.
  mutating func settleAddresses(_ name: ObjectName, from old: [IPAddress], key oldKey: String?) {
    guard let entry = entries[name] else { return }
    let held = holds[name] ?? []
    let key = entry.service.allocation.sharingKey
    for address in old where !entry.addresses.contains(address) && !held.contains(address) {
      leave(address, name)
    }
    for address in entry.addresses where !old.contains(address) {
      if !held.contains(address), occupancy.add(address, name) { table.took(address) }
      if !isCompatibleWithHolders(entry, of: address) { markHolders(of: address) }
      // Others may share it now.
      if key != nil { wakeWaiting() } else { warnWaiting() }
    }
    let before = old + held.filter { !old.contains($0) }
    let after = entry.addresses + held.filter { !entry.addresses.contains($0) }
    if let oldKey {
      for address in before where oldKey != key || !after.contains(address) {
        occupancy.removeKey(oldKey, address)
      }
    }
    if let key {
      for address in after where oldKey != key || !before.contains(address) {
        occupancy.addKey(key, address)
      }
    }
  }

  /// A Service has an address no more, which may be what others wait for.
  mutating func leave(_ address: IPAddress, _ name: ObjectName) {
    if occupancy.remove(address, name) { table.freed(address) } else { markHolders(of: address) }
    wakeWaiting()
  }

  mutating func markHolders(of address: IPAddress) {
    for name in occupancy.holders(of: address) { markDirty(name) }
  }
}
