/// A kind of object that the test server has, and how a real server treats objects of it.
///
/// Source: the registries of Kubernetes (`pkg/registry`), whose strategies differ from kind to kind, and the
/// custom resource definitions of Cilium.
package struct APIKind: Hashable, Sendable {
  /// Empty for the core group.
  package var group: String
  /// The versions it is served in, the preferred one first.
  package var versions: [String]
  package var kind: String
  package var plural: String
  package var isNamespaced = true
  /// There is a `/status`, and writes elsewhere leave the status alone.
  package var hasStatus = false
  /// A status that comes with a new object stays.
  package var keepsStatusOnCreation = false
  /// `metadata.generation` counts the changes of what is neither metadata nor status.
  package var hasGeneration = false
  /// An update without a resourceVersion overwrites whatever there is.
  package var allowsUnconditionalUpdate = true
  /// An update of what is not there makes it.
  package var allowsCreationByUpdate = false
  /// Defined by a CustomResourceDefinition.
  package var isCustom = false
  /// `status.conditions` are thrown away, as those of Services were before Kubernetes 1.20.
  package var dropsConditions = false
  /// What the server warns of, by version.
  package var warnings: [String: String] = [:]

  package init(_ group: String, _ versions: [String], _ kind: String, _ plural: String) {
    self.group = group
    self.versions = versions
    self.kind = kind
    self.plural = plural
  }

  /// `leases.coordination.k8s.io`: how errors name it.
  package var resource: String { group.isEmpty ? plural : "\(plural).\(group)" }

  /// `Lease.coordination.k8s.io`: how other errors name it.
  package var qualifiedKind: String { group.isEmpty ? kind : "\(kind).\(group)" }

  /// `coordination.k8s.io/v1`: what stands in an object's `apiVersion`.
  package func apiVersion(_ version: String) -> String {
    group.isEmpty ? version : "\(group)/\(version)"
  }

  /// The path of a collection, or of one object in it.
  package func path(_ version: String? = nil, in namespace: String? = nil, _ name: String? = nil)
    -> String
  {
    var path = group.isEmpty ? "/api/" : "/apis/\(group)/"
    path += version ?? versions[0]
    if isNamespaced, let namespace { path += "/namespaces/\(namespace)" }
    path += "/\(plural)"
    if let name { path += "/\(name)" }
    return path
  }
}

extension APIKind {
  package static let namespace = with(APIKind("", ["v1"], "Namespace", "namespaces")) {
    $0.isNamespaced = false
  }
  package static let service = with(APIKind("", ["v1"], "Service", "services")) {
    $0.hasStatus = true
    $0.allowsUnconditionalUpdate = false
  }
  package static let node = with(APIKind("", ["v1"], "Node", "nodes")) {
    $0.isNamespaced = false
    $0.hasStatus = true
    $0.keepsStatusOnCreation = true
  }
  package static let event = with(APIKind("", ["v1"], "Event", "events")) {
    $0.allowsCreationByUpdate = true
  }
  /// The newer face of the same objects.
  package static let newEvent = with(APIKind("events.k8s.io", ["v1"], "Event", "events")) {
    $0.allowsCreationByUpdate = true
  }
  package static let lease = with(
    APIKind("coordination.k8s.io", ["v1"], "Lease", "leases")
  ) {
    $0.allowsUnconditionalUpdate = false
    $0.allowsCreationByUpdate = true
  }

  /// - Parameter versions: `v1` from Kubernetes 1.21 on, `v1beta1` until 1.24.
  package static func endpointSlice(_ versions: [String] = ["v1"]) -> APIKind {
    with(APIKind("discovery.k8s.io", versions, "EndpointSlice", "endpointslices")) {
      $0.hasGeneration = true
    }
  }

  /// - Parameter versions: `v2alpha1` alone until now.
  package static func policy(_ versions: [String] = ["v2alpha1"]) -> APIKind {
    custom(versions, "CiliumL2AnnouncementPolicy", "ciliuml2announcementpolicies")
  }

  /// - Parameter versions: `v2` from Cilium 1.18 on, with `v2alpha1` beside it, of which the server warns.
  package static func pool(_ versions: [String] = ["v2", "v2alpha1"]) -> APIKind {
    with(custom(versions, "CiliumLoadBalancerIPPool", "ciliumloadbalancerippools")) {
      guard versions.contains("v2") else { return }
      $0.warnings["v2alpha1"] =
        "cilium.io/v2alpha1 CiliumLoadBalancerIPPool is deprecated; use cilium.io/v2"
    }
  }

  private static func custom(_ versions: [String], _ kind: String, _ plural: String) -> APIKind {
    with(APIKind("cilium.io", versions, kind, plural)) {
      $0.isNamespaced = false
      $0.hasStatus = true
      $0.hasGeneration = true
      $0.allowsUnconditionalUpdate = false
      $0.isCustom = true
    }
  }

  private static func with(_ kind: APIKind, _ change: (inout APIKind) -> Void) -> APIKind {
    var changed = kind
    change(&changed)
    return changed
  }
}
