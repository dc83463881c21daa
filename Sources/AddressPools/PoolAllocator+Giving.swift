internal import Cluster
internal import Wire

/// Why a Service does not get an address.
struct Refusal: Error {
  let reason: AllocationReason
  let message: String

  init(_ reason: AllocationReason, _ message: String) {
    self.reason = reason
    self.message = message
  }
}

extension PoolAllocator {
  /// An address of a family for a Service: one that it may share, else the first free one (pools.md §3.3).
  mutating func give(
    _ family: IPFamily, to entry: ServiceEntry, except lost: [IPAddress]
  ) -> Result<IPAddress, Refusal> {
    let pools = selected(entry)
    if let key = entry.service.allocation.sharingKey {
      let address = occupancy.addresses(ofKey: key).first { address in
        IPFamily(address) == family && !lost.contains(address)
          && occupancy.isTaken(address, byOthersThan: entry.name)
          && table.pools(with: address).contains { pool in
            table.gives(address, from: pool) && table.states[pool].selects(entry.service)
          } && isCompatibleWithHolders(entry, of: address)
      }
      if let address { return .success(address) }
    }
    var hasFamily = false
    var isGiving = false
    for pool in pools.lazy.map({ Int($0) }) where table.states[pool].has(family) {
      hasFamily = true
      guard table.states[pool].isGiving else { continue }
      isGiving = true
      if let address = table.lowest(family, of: pool, occupancy) { return .success(address) }
    }
    if isGiving {
      return .failure(
        Refusal(.outOfIPs, "the pools that select it have no free \(family) address"))
    }
    return .failure(
      Refusal(
        .noPool,
        hasFamily
          ? "no pool that selects it and has \(family) addresses gives any out: they are disabled, "
            + "in conflict or faulty"
          : "no pool that selects it has \(family) addresses"))
  }

  /// The positions of the pools that select a Service, in order.
  private mutating func selected(_ entry: ServiceEntry) -> [Int32] {
    if let known = entries[entry.name]?.selected, known.generation == table.generation {
      return known.pools
    }
    let pools = table.selectors.pools(for: entry.service)
    entries[entry.name]?.selected = (table.generation, pools)
    return pools
  }

  /// Why a Service does not get the address that it asks for; nil where it may have it.
  func refusal(of address: IPAddress, to entry: ServiceEntry) -> Refusal? {
    let pools = table.pools(with: address)
    guard let first = pools.first else { return Refusal(.noPool, "no pool has \(address)") }
    let giving = pools.filter { table.gives(address, from: $0) }
    guard !giving.isEmpty else {
      return Refusal(
        .noPool,
        "\(address) is not given out: pool \(table.states[first].name) "
          + obstacle(to: address, in: first))
    }
    guard giving.contains(where: { table.states[$0].selects(entry.service) }) else {
      return Refusal(
        .selectorMismatch,
        "pool \(table.states[giving[0]].name) has \(address) and does not select this Service")
    }
    let others = occupancy.holders(of: address).filter { $0 != entry.name }.sorted()
    for other in others {
      guard let holder = entries[other] else {
        return Refusal(.alreadyAllocated, "\(address) is held for \(other)")
      }
      if Sharing.isPossible(entry.service, holder.service) { continue }
      guard Sharing.haveSameKey(entry.service, holder.service) else {
        return Refusal(.alreadyAllocated, "\(other) has \(address)")
      }
      return Refusal(
        .incompatible,
        "\(other) has \(address) under the same sharing key, and cannot share it: "
          + Sharing.difference(entry.service, holder.service))
    }
    return nil
  }

  /// Why a pool that has an address does not give it, in words that follow its name.
  func obstacle(to address: IPAddress, in pool: Int) -> String {
    let state = table.states[pool]
    switch state.obstacle {
    case .faulty: return "is faulty: \(BoundedList.text(state.faults))"
    case .conflicting: return "is in conflict: \(state.conflict ?? "")"
    case .disabled: return "is disabled"
    case nil:
      if let reason = address.reasonNotAnnounceable { return "may not give it: \(reason)" }
      if let node = nodeAddresses.node(of: address) {
        return "may not give it: it is an address of node \(node)"
      }
      return table.reserved.contains(address)
        ? "may not give it: this daemon's own configuration announces it"
        : "spares the first and the last address of a prefix"
    }
  }
}
