package import Announcer
package import Wire

/// Finds out by which link an address is local to this node.
package struct LocalAddresses {
  private var exact: [IPAddress: [String]] = [:]
  /// On a loopback interface the kernel takes the whole IPv4 prefix of an address for local
  /// (`fib_add_ifaddr`, RTN_LOCAL where IFF_LOOPBACK): 10.80.8.1/24 on lo is 256 local addresses.
  private var ranges: [(range: IPRange, name: String)] = []

  package init(_ links: [Link]) {
    for link in links {
      for entry in link.addresses {
        exact[entry.address, default: []].append(link.name)
        if link.flags.contains(.loopback), !entry.address.isIPv6,
          let range = IPRange(entry.address, prefixLength: entry.prefixLength)
        {
          ranges.append((range, link.name))
        }
      }
    }
  }

  package func isConfigured(_ address: IPAddress, on name: String) -> Bool {
    exact[address]?.contains(name) ?? false
  }

  /// The name of a link that makes `address` local; nil where it is not local.
  package func holder(of address: IPAddress) -> String? {
    exact[address]?.min() ?? ranges.first { $0.range.contains(address) }?.name
  }
}
