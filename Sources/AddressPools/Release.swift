package import Cluster
package import Wire

/// An address that is taken from a Service, and why (pools.md §2.2).
package struct Release: Hashable, Sendable {
  package var address: IPAddress
  package var reason: Reason

  package init(_ address: IPAddress, _ reason: Reason) {
    self.address = address
    self.reason = reason
  }

  /// All there is: an address that lies in a pool which selects the Service stays.
  package enum Reason: Hashable, Sendable {
    case inNoPool
    /// The pool that has it does not select the Service.
    case notSelected(pool: String)
    /// Another Service has it as well, may not share it, and keeps it.
    case keptByAnother(ObjectName)
    /// The Service asks for these, and has got them.
    case asksForOthers([IPAddress])
    /// The Service is of another type, which has no load balancer.
    case notLoadBalancer(type: String)
    /// Addresses of its class are given somewhere else.
    case foreignClass(String)
  }
}

extension Release.Reason: CustomStringConvertible {
  /// Words that follow the address and a colon.
  package var description: String {
    switch self {
    case .inNoPool: "no pool has it"
    case .notSelected(let pool): "pool \(pool), which has it, does not select this Service"
    case .keptByAnother(let name): "\(name) has it as well, cannot share it, and keeps it"
    case .asksForOthers(let addresses):
      "the Service asks for \(addresses.map(\.description).joined(separator: ", "))"
    case .notLoadBalancer(let type): "the Service is of type \(type)"
    case .foreignClass(let name):
      "its loadBalancerClass \(name) is none of kubernetes.loadBalancerClasses"
    }
  }
}

extension [Release] {
  /// `10.0.0.1, 10.0.0.2 taken back: no pool has it; 10.0.0.3 taken back: the Service is of type ClusterIP`.
  package var text: String {
    var groups: [(reason: Release.Reason, addresses: [IPAddress])] = []
    for release in self {
      if let position = groups.firstIndex(where: { $0.reason == release.reason }) {
        groups[position].addresses.append(release.address)
      } else {
        groups.append((release.reason, [release.address]))
      }
    }
    return BoundedList.text(
      groups.map { group in
        "\(group.addresses.map(\.description).joined(separator: ", "))\(Self.mark)\(group.reason)"
      })
  }

  /// Stands in every such text, and in no other one.
  static let mark = " taken back: "
}
