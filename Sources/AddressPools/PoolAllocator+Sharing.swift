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

  /// How a Service has an address that others may have too.
  ///
  /// Two controllers may have given one address to two Services. The first one created keeps it, and with it
  /// all later ones that may share. Addresses that people wrote (`externalIPs`) drive nobody out.
  func tenure(of entry: ServiceEntry, to address: IPAddress) -> Tenure {
    guard occupancy.isTaken(address, byOthersThan: entry.name) else { return .secure }
    let rivals = rivals(of: entry, for: address)
    if rivals.allSatisfy({ Sharing.isPossible(entry.service, $0.service) }) { return .secure }
    var keepers: [ServiceEntry] = []
    for rival in rivals.sorted(by: { $0.keeps(address, before: $1, settings) }) {
      guard rival.keeps(address, before: entry, settings) else { break }
      // Who is not ours keeps it whatever we think of it.
      let stays =
        rival.standing(settings) != .ours
        || keepers.allSatisfy { Sharing.isPossible(rival.service, $0.service) }
      if stays { keepers.append(rival) }
    }
    let bars = keepers.filter { !Sharing.isPossible(entry.service, $0.service) }
    guard let first = bars.first else { return .secure }
    return bars.allSatisfy { mayMoveOn($0, from: address) }
      ? .contested(first.name) : .void(first.name)
  }

  /// Whether a write of which nobody knows the outcome may have moved a rival on.
  func isInDoubt(_ entry: ServiceEntry, _ addresses: [IPAddress]) -> Bool {
    addresses.contains { address in
      rivals(of: entry, for: address).contains { holds[$0.name]?.isEmpty == false }
    }
  }

  private func rivals(of entry: ServiceEntry, for address: IPAddress) -> [ServiceEntry] {
    occupancy.holders(of: address).compactMap { name in
      guard name != entry.name, let rival = entries[name], rival.has(address),
        mayStay(rival, address)
      else { return nil }
      return rival
    }
  }

  /// Whether a Service that has an address would rather have others, and is ours to give them.
  private func mayMoveOn(_ rival: ServiceEntry, from address: IPAddress) -> Bool {
    rival.standing(settings) == .ours && leftAlone[rival.name] == nil
      && rival.asksForOthers(than: address)
  }

  /// Whether nothing but the others speaks against a Service's having an address. Who has to give it up
  /// anyway drives nobody out.
  private func mayStay(_ rival: ServiceEntry, _ address: IPAddress) -> Bool {
    switch rival.standing(settings) {
    case .none: return true
    case .left: return false
    case .ours:
      let pools = table.pools(with: address)
      return pools.isEmpty || pools.contains { table.states[$0].selects(rival.service) }
    }
  }
}
