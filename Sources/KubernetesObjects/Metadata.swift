package import Cluster

/// What every object has (`metav1.ObjectMeta`).
package struct Metadata: Decodable, Sendable {
  package let name: String?
  package let namespace: String?
  package let uid: String?
  package let resourceVersion: String?
  package let generation: Int64?
  package let labels: [String: String]?
  package let annotations: Annotations?
  package let creationTimestamp: String?
  package let deletionTimestamp: String?

  /// For a kind that lives in namespaces. Who leaves it out of a file means the default one.
  package var namespacedName: ObjectName {
    ObjectName(namespace.flatMap { $0.isEmpty ? nil : $0 } ?? "default", name ?? "")
  }
}
