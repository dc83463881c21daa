internal import Announcer
internal import Wire

extension Link {
  /// The subnets of the link's own addresses, without link-local and single-host ones.
  var subnets: [IPRange] {
    addresses.compactMap { entry in
      if case .v6(let address) = entry.address, address.isLinkLocal { return nil }
      guard entry.prefixLength < (entry.address.isIPv6 ? 128 : 32) else { return nil }
      return IPRange(entry.address, prefixLength: entry.prefixLength)
    }
  }
}
