internal import Cluster

/// When two Services may have one address (pools.md §4.1).
enum Sharing {
  /// Whether nothing has changed that decides whom a Service may share with.
  static func isSame(_ one: Service, _ two: Service) -> Bool {
    one.allocation.sharingKey == two.allocation.sharingKey && one.isLocal == two.isLocal
      && one.allocation.sharingNamespaces == two.allocation.sharingNamespaces
      && one.allocation.ports == two.allocation.ports
      && one.allocation.podSelector == two.allocation.podSelector
  }

  static func haveSameKey(_ one: Service, _ two: Service) -> Bool {
    one.allocation.sharingKey != nil && one.allocation.sharingKey == two.allocation.sharingKey
  }

  /// Packets for one address reach one node, whose rules know a port once, and where the policy is `Local`
  /// only its own endpoints: hence the same policy, other ports, and with `Local` the same pods.
  static func isPossible(_ one: Service, _ two: Service) -> Bool {
    guard haveSameKey(one, two), one.isLocal == two.isLocal else { return false }
    guard haveNoPortInCommon(one, two) else { return false }
    guard !one.isLocal || one.allocation.podSelector == two.allocation.podSelector else {
      return false
    }
    return one.name.namespace == two.name.namespace
      || admits(one, two.name.namespace) && admits(two, one.name.namespace)
  }

  /// Why two Services with one sharing key cannot have one address, in words: the first thing that keeps them
  /// from it.
  static func difference(_ one: Service, _ two: Service) -> String {
    guard one.isLocal == two.isLocal else {
      let local = one.isLocal ? one.name : two.name
      return "only \(local) has externalTrafficPolicy: Local"
    }
    if let port = one.allocation.ports.first(where: two.allocation.ports.contains) {
      return "both have port \(port.number)/\(port.protocol)"
    }
    if one.isLocal, one.allocation.podSelector != two.allocation.podSelector {
      return "externalTrafficPolicy is Local, and their selectors differ"
    }
    let (asker, asked) = admits(one, two.name.namespace) ? (one, two) : (two, one)
    return "\(asked.name) does not name the namespace \(asker.name.namespace) in its annotation "
      + "lbipam.cilium.io/sharing-cross-namespace"
  }

  private static func admits(_ service: Service, _ namespace: String) -> Bool {
    service.allocation.sharingNamespaces.contains { $0 == "*" || $0 == namespace }
  }

  /// Both lists are in order.
  private static func haveNoPortInCommon(_ one: Service, _ two: Service) -> Bool {
    var mine = 0
    var theirs = 0
    while mine < one.allocation.ports.count, theirs < two.allocation.ports.count {
      let left = one.allocation.ports[mine]
      let right = two.allocation.ports[theirs]
      if left == right { return false }
      if left < right { mine += 1 } else { theirs += 1 }
    }
    return true
  }
}
