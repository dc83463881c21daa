internal import Cluster
internal import Wire

extension PoolAllocator {
  /// Whether a Service may have an address together with all others who have it.
  func isCompatibleWithHolders(_ entry: ServiceEntry, of address: IPAddress) -> Bool {
    occupancy.holders(of: address).allSatisfy { name in
      if name == entry.name { return true }
      return entries[name].map { Sharing.isPossible(entry.service, $0.service) } ?? false
    }
  }

  /// Whether a Service that has an address, as others have, is among those who keep it.
  ///
  /// Two controllers may have given one address to two Services. The first one created keeps it, and with it
  /// all later ones that may share. Addresses that people wrote (`externalIPs`) drive nobody out.
  func keeps(_ entry: ServiceEntry, _ address: IPAddress) -> Bool {
    guard occupancy.isTaken(address, byOthersThan: entry.name) else { return true }
    let rivals = occupancy.holders(of: address).compactMap { name -> ServiceEntry? in
      guard name != entry.name, let rival = entries[name], rival.has(address),
        mayStay(rival, address)
      else { return nil }
      return rival
    }
    if rivals.allSatisfy({ Sharing.isPossible(entry.service, $0.service) }) { return true }
    var keepers: [ServiceEntry] = []
    for rival in rivals.sorted(by: { $0.keeps(address, before: $1) }) {
      guard rival.keeps(address, before: entry) else { break }
      // Who is not ours keeps it whatever we think of it.
      let stays =
        rival.standing(settings) != .ours
        || keepers.allSatisfy { Sharing.isPossible(rival.service, $0.service) }
      if stays { keepers.append(rival) }
    }
    return keepers.allSatisfy { Sharing.isPossible(entry.service, $0.service) }
  }

  /// Whether nothing but the others speaks against a Service's having an address. Who has to give it up
  /// anyway drives nobody out.
  private func mayStay(_ rival: ServiceEntry, _ address: IPAddress) -> Bool {
    switch rival.standing(settings) {
    case .none: return true
    case .left: return false
    case .ours:
      let pools = table.pools(with: address)
      return pools.isEmpty
        || rival.families.contains(IPFamily(address))
          && pools.contains { table.states[$0].selects(rival.service) }
    }
  }
}
