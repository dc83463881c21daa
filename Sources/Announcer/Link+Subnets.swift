package import Wire

extension Link {
  /// The subnets that are on this link by its own addresses, without link-local and single-host ones.
  ///
  /// Where an address has a peer, the prefix is the peer's (`ip-address(8)`).
  package var subnets: [IPRange] {
    addresses.compactMap { entry in
      if case .v6(let address) = entry.address, address.isLinkLocal { return nil }
      guard entry.prefixLength < (entry.address.isIPv6 ? 128 : 32) else { return nil }
      return IPRange(entry.peer ?? entry.address, prefixLength: entry.prefixLength)
    }
  }

  /// The addresses that mean a subnet of this link, in the order of its subnets, each once.
  ///
  /// Subnets of two addresses have none (RFC 3021, RFC 6164), and neither has a line with a peer at its end.
  package var subnetAddresses: [(address: IPAddress, role: AddressRole)] {
    var found: [(address: IPAddress, role: AddressRole)] = []
    func add(_ address: IPAddress, _ role: AddressRole) {
      if !found.contains(where: { $0.address == address }) { found.append((address, role)) }
    }
    guard !flags.contains(.pointToPoint) else { return [] }
    for subnet in subnets where subnet.count > 2 {
      if subnet.lower.isIPv6 {
        add(subnet.lower, .subnetRouterAnycast(link: name))
      } else {
        add(subnet.lower, .networkAddress(link: name))
        add(subnet.upper, .broadcastAddress(link: name))
      }
    }
    return found
  }

  /// The addresses by which the node is on its subnets: the first of each, as the kernel lists it. Further ones, and
  /// those of a single host, may be given to every node, as to real servers behind LVS.
  package var ownAddresses: [IPAddress] {
    var seen: Set<IPRange> = []
    return addresses.compactMap { entry in
      if case .v6(let address) = entry.address, address.isLinkLocal { return nil }
      guard entry.peer == nil, entry.prefixLength < (entry.address.isIPv6 ? 128 : 32),
        let subnet = IPRange(entry.address, prefixLength: entry.prefixLength),
        seen.insert(subnet).inserted
      else { return nil }
      return entry.address
    }
  }
}
