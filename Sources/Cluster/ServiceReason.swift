/// Why a Service, or one of its addresses, asks for no announcement by any node.
package enum ServiceReason: Hashable, Sendable {
  /// Its load balancer goes with it, whatever still waits for the object to vanish.
  case beingDeleted
  /// It is a name in the DNS and has no addresses of its own.
  case externalName
  /// Another program looks after load balancers of this class.
  case foreignClass(String)
  /// It has no address at all yet, or ever.
  case noAddress
  /// Its load balancer is known by name only, and a name cannot be announced.
  case hostnameOnly(String)
  /// The address lives on a proxy outside (`ipMode: Proxy`); announcing it would make two of it.
  case onProxy(String)
  /// It has addresses of a load balancer and is none (any more).
  case notLoadBalancer(type: String)
  /// Not an address, or one that no node may announce.
  case unusableAddress(String, String)
  case noPolicySelects
  /// Policies select it, and none of them announces addresses of this kind.
  case kindNotAnnounced(AddressKind, policies: [String])
}

/// The two kinds of address that a policy tells apart.
package enum AddressKind: Hashable, Sendable {
  case loadBalancer
  case external

  /// The field of a policy that turns the kind on.
  package var field: String {
    switch self {
    case .loadBalancer: "loadBalancerIPs"
    case .external: "externalIPs"
    }
  }
}

extension ServiceReason: CustomStringConvertible {
  package var description: String {
    switch self {
    case .beingDeleted: "it is being deleted"
    case .externalName: "its type is ExternalName"
    case .foreignClass(let name):
      "its loadBalancerClass \(name) is none of kubernetes.loadBalancerClasses"
    case .noAddress: "it has neither a load balancer's address nor external addresses"
    case .hostnameOnly(let name):
      "its load balancer has a host name only (\(name)), which cannot be announced"
    case .onProxy(let text): "\(text) lives on a proxy outside the cluster (ipMode Proxy)"
    case .notLoadBalancer(let type):
      "its status has addresses of a load balancer, and its type is \(type)"
    case .unusableAddress(let text, let reason): "'\(text)' cannot be announced: \(reason)"
    case .noPolicySelects: "no policy selects it"
    case .kindNotAnnounced(let kind, let policies):
      policies.count == 1
        ? "policy \(policies[0]) selects it and has \(kind.field): false"
        : "policies \(policies.joined(separator: ", ")) select it and all have "
          + "\(kind.field): false"
    }
  }
}
