/// Something that a user may be let do on an API server.
package struct APIRight: Hashable, Sendable {
  package let verb: String
  /// Empty for the core group.
  package let group: String
  /// `services`, or a part of objects: `services/status`.
  package let resource: String
  /// Nil for all.
  package let namespace: String?
  /// Whether nothing works without it; what is only told to people, in events and conditions, need not be.
  package let isNeeded: Bool

  /// `patch leases in kube-system`.
  package var words: String {
    "\(verb) \(resource)\(group.isEmpty ? "" : ".\(group)")\(namespace.map { " in \($0)" } ?? "")"
  }

  /// What the configuration makes us do: deploy/kubernetes/rbac.yaml grants it.
  ///
  /// - Parameter leases: the namespace of our Leases; nil where the lease is elsewhere.
  package static func needed(
    leases: String?, announcesServices: Bool, givesAddresses: Bool
  ) -> [APIRight] {
    func rights(
      _ verbs: [String], _ group: String, _ resources: [String], in namespace: String? = nil,
      isNeeded: Bool = true
    ) -> [APIRight] {
      resources.flatMap { resource in
        verbs.map {
          APIRight(
            verb: $0, group: group, resource: resource, namespace: namespace, isNeeded: isNeeded)
        }
      }
    }
    var all: [APIRight] = []
    if let leases {
      all += rights(
        ["get", "list", "watch", "create", "patch", "delete"], "coordination.k8s.io", ["leases"],
        in: leases)
    }
    guard announcesServices else { return all }
    all += rights(["list", "watch"], "", ["services", "nodes"])
    all += rights(["list", "watch"], "discovery.k8s.io", ["endpointslices"])
    let cilium = "cilium.io"
    all += rights(
      ["list", "watch"], cilium, ["ciliuml2announcementpolicies", "ciliumloadbalancerippools"])
    all += rights(["get"], cilium, ["ciliuml2announcementpolicies"], isNeeded: false)
    all += rights(["patch"], cilium, ["ciliuml2announcementpolicies/status"], isNeeded: false)
    all += rights(["create", "patch"], "", ["events"], isNeeded: false)
    guard givesAddresses else { return all }
    // A Service that somebody else has changed at the same time is read alone.
    all += rights(["get"], "", ["services"])
    all += rights(["patch"], "", ["services/status"])
    all += rights(["patch"], cilium, ["ciliumloadbalancerippools/status"], isNeeded: false)
    return all
  }
}
