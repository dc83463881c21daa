package import Announcer
internal import Wire

/// An address that stands for something else on a link, so that no Service can be reached by it.
struct ReservedAddress: Hashable {
  var address: IPAddress
  /// `the broadcast address of lan0`.
  var role: String
}

extension AnnouncedPool {
  /// Warnings about pools with addresses that are the link's own, or its subnet's: a pool that is the nodes'
  /// LAN. Which they are only the nodes on it know, so that whoever gives addresses cannot spare them.
  ///
  /// - Parameter links: those that announce.
  package static func linkWarnings(
    _ pools: [AnnouncedPool], on links: [Link]
  ) -> [HostWarning] {
    let reserved = links.sorted { $0.name < $1.name }.flatMap(\.reservedAddresses)
    return pools.sorted { $0.name < $1.name }.compactMap { pool in
      let found = reserved.filter { entry in
        !pool.nodes.contains(entry.address)
          && pool.givable.contains { $0.contains(entry.address) }
      }
      guard !found.isEmpty else { return nil }
      let list = found.map { "\($0.address) (\($0.role))" }.joined(separator: ", ")
      return HostWarning(
        kind: .poolHasLinkAddresses,
        message:
          "pool \(pool.name) has addresses that no Service can use: \(list); leave them out of "
          + "its blocks (allowFirstLastIPs: \"No\" spares the first and the last of a prefix)")
    }
  }
}

extension Link {
  /// The addresses that this link has, and those that mean its subnets.
  fileprivate var reservedAddresses: [ReservedAddress] {
    var found: [ReservedAddress] = []
    func add(_ address: IPAddress, _ role: String) {
      guard !found.contains(where: { $0.address == address }) else { return }
      found.append(ReservedAddress(address: address, role: role))
    }
    for entry in addresses {
      if case .v6(let address) = entry.address, address.isLinkLocal { continue }
      add(entry.address, "\(name) itself")
    }
    for entry in subnetAddresses { add(entry.address, "\(entry.role)") }
    return found
  }
}
