/// An object of one of the kinds that matter here.
package enum ClusterObject: Hashable, Sendable {
  case service(Service)
  case endpointSlice(EndpointSlice)
  case node(Node)
  case policy(L2AnnouncementPolicy)
  case pool(LoadBalancerIPPool)

  package enum Kind: String, Hashable, CaseIterable, Sendable {
    case service = "Service"
    case endpointSlice = "EndpointSlice"
    case node = "Node"
    case policy = "CiliumL2AnnouncementPolicy"
    case pool = "CiliumLoadBalancerIPPool"
  }

  package var kind: Kind {
    switch self {
    case .service: .service
    case .endpointSlice: .endpointSlice
    case .node: .node
    case .policy: .policy
    case .pool: .pool
    }
  }

  /// For a cluster-wide kind, with an empty namespace.
  package var name: ObjectName {
    switch self {
    case .service(let service): service.name
    case .endpointSlice(let slice): slice.name
    case .node(let node): ObjectName("", node.name)
    case .policy(let policy): ObjectName("", policy.name)
    case .pool(let pool): ObjectName("", pool.name)
    }
  }
}
