internal import Announcer
internal import Cluster
internal import Configuration
internal import Kubernetes
internal import Wire

extension KnownAddresses {
  /// What the configuration and the cluster's objects tell of other stations' addresses. Host names are not looked
  /// up here: who has such an address is learnt by asking the LAN for it.
  ///
  /// - Parameter server: the API server, where there is one.
  init(
    _ configuration: Configuration, server: ServerURL?, gateways: Set<Gateway>,
    nodes: NodeAddresses,
    stations: [IPAddress: Station] = [:]
  ) {
    var stores: [IPAddress: String] = [:]
    switch configuration.lease.backend {
    case .local: break
    case .etcd:
      for endpoint in configuration.lease.etcd.endpoints {
        if let address = IPAddress(endpoint.host) { stores[address] = endpoint.description }
      }
    case .kubernetes:
      if let server, let address = IPAddress(server.host) { stores[address] = server.text }
    }
    self.init(
      gateways: gateways, stores: stores,
      nodes: Dictionary(
        nodes.addresses.compactMap { address in nodes.node(of: address).map { (address, $0) } },
        uniquingKeysWith: { first, _ in first }), stations: stations)
  }
}

extension Configuration {
  /// What is said where the API server's own address is to be announced under a lease that is elsewhere: right for
  /// the virtual address of several control planes, and the end of the cluster for a single one.
  func warning(of server: ServerURL?, among assignments: Assignments) -> String? {
    guard lease.backend != .kubernetes, let server, let address = IPAddress(server.host),
      assignments.addresses[address] != nil
    else { return nil }
    return
      "\(address) is the API server's (\(server.text)): announce it only where it is the shared address of "
      + "several control planes, which each of these nodes can serve"
  }
}
