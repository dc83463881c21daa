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
  /// An annotation that asks for other addresses than one that goes before it.
  case outvoted(RequestedIPs, by: RequestedIPs)
  case noPolicySelects
  /// There is no policy, and there may be one in these files, which are not understood.
  case policiesUnread([String])
  /// There were policies, and there are none now: nothing says what may be announced.
  case policiesGone
  /// There is no policy, and the configuration announces nothing without one.
  case defaultPolicyOff
  /// Policies select it, and none of them announces addresses of this kind.
  case kindNotAnnounced(AddressKind, policies: [String])
}

extension ServiceReason {
  /// A fixed word for scripts: `no-policy-selects`.
  package var code: String {
    switch self {
    case .beingDeleted: "being-deleted"
    case .externalName: "external-name"
    case .foreignClass: "foreign-class"
    case .noAddress: "no-address"
    case .hostnameOnly: "host-name-only"
    case .onProxy: "on-proxy"
    case .notLoadBalancer: "not-load-balancer"
    case .unusableAddress: "unusable-address"
    case .outvoted: "outvoted"
    case .noPolicySelects: "no-policy-selects"
    case .policiesUnread: "policies-unread"
    case .policiesGone: "policies-gone"
    case .defaultPolicyOff: "default-policy-off"
    case .kindNotAnnounced: "kind-not-announced"
    }
  }

  /// What people who look at the Service are told of it; nil where there is nothing to do about it here:
  /// where it is another program's, where it waits for an address, of which whoever gives it tells, and where
  /// it is about to go.
  package var event: ServiceEvent.Reason? {
    switch self {
    case .unusableAddress, .policiesUnread, .policiesGone: .blocked
    case .noPolicySelects, .kindNotAnnounced, .defaultPolicyOff: .notAnnounced
    case .beingDeleted, .externalName, .foreignClass, .noAddress, .hostnameOnly, .onProxy,
      .outvoted,
      .notLoadBalancer:
      nil
    }
  }

  /// Whether what is written can never be meant so.
  package var isFault: Bool {
    switch self {
    case .unusableAddress: true
    // The file that is not understood is an error of its own.
    case .policiesUnread, .policiesGone, .defaultPolicyOff, .outvoted: false
    case .beingDeleted, .externalName, .foreignClass, .noAddress, .hostnameOnly, .onProxy,
      .notLoadBalancer, .noPolicySelects, .kindNotAnnounced:
      false
    }
  }
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
    case .outvoted(let other, let first): other.note(besides: first)
    case .noPolicySelects: "no policy selects it"
    case .policiesUnread(let files):
      "a policy may be in \(Self.list(files)), which is not understood: until it is, nothing is "
        + "announced by default"
    case .policiesGone:
      "the policies are gone: without one nothing is announced until one is there again, or the daemon "
        + "starts again without any"
    case .defaultPolicyOff:
      "there is no policy, and `defaultPolicy: none` announces nothing without one"
    case .kindNotAnnounced(let kind, let policies):
      policies.count == 1
        ? "policy \(policies[0]) selects it and has \(kind.field): false"
        : "policies \(policies.joined(separator: ", ")) select it and all have "
          + "\(kind.field): false"
    }
  }

  private static func list(_ files: [String]) -> String {
    let shown = files.prefix(3).joined(separator: ", ")
    return files.count > 3 ? "\(shown) and \(files.count - 3) more" : shown
  }
}
