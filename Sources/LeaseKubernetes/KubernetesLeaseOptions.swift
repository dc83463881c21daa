/// Where the Leases are.
package struct KubernetesLeaseOptions: Hashable, Sendable {
  package var namespace: String

  package init(namespace: String) {
    self.namespace = namespace
  }
}
