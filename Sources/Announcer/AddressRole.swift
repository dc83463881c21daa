package import Wire

/// What an address is on the LAN already. Announced, it would be taken from there (wire.md §7.1).
package enum AddressRole: Hashable, Sendable {
  /// The first address of a link's subnet (RFC 1122 §3.2.1.3).
  case networkAddress(link: String)
  /// The last one.
  case broadcastAddress(link: String)
  /// The first address of an IPv6 subnet, which means its routers (RFC 4291 §2.6.1).
  case subnetRouterAnycast(link: String)
  /// The one by which this node itself is on a link's subnet.
  case ownAddress(link: String)
  /// Where the kernel sends what is for other networks.
  case defaultGateway(link: String)
  /// Where the lease store is, as the configuration has it.
  case leaseStore(String)
  /// Of a node, by its name, as the cluster's objects tell.
  case node(String)
  /// Of a station that answered on a link when the LAN was asked for it.
  case station(MACAddress, link: String)
}

extension AddressRole: CustomStringConvertible {
  package var description: String {
    switch self {
    case .networkAddress(let link): "the network address of \(link)"
    case .broadcastAddress(let link): "the broadcast address of \(link)"
    case .subnetRouterAnycast(let link): "the subnet-router anycast address of \(link)"
    case .ownAddress(let link): "this node's own address on \(link)"
    case .defaultGateway(let link): "the default gateway on \(link)"
    case .leaseStore(let place): "the lease store's (\(place))"
    case .node(let name): "an address of the node \(name)"
    case .station(let hardwareAddress, let link): "an address of \(hardwareAddress) on \(link)"
    }
  }
}

extension AddressRole {
  /// Whether the LAN said so, which may change at any time.
  package var isStation: Bool {
    if case .station = self { true } else { false }
  }

  /// What would come of announcing it.
  var harm: String {
    switch self {
    case .networkAddress, .broadcastAddress: "no host can be reached by it"
    case .subnetRouterAnycast: "it means every router there"
    case .ownAddress: "this node would be cut off where another one announces it"
    case .defaultGateway: "the LAN would be cut off from all other networks"
    case .leaseStore: "the nodes would lose the store"
    case .node: "that node would be cut off"
    case .station: "that station would be cut off"
    }
  }
}
