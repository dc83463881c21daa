package import Cluster

/// An object of the API server that cannot be read, and why.
package struct UnreadableObject: Hashable, Sendable {
  /// Nil where not even that can be read.
  package let name: ObjectName?
  /// With the kind and the name: `Service default/web: spec.type: text is expected here`.
  package let reason: String

  package init(name: ObjectName?, reason: String) {
    self.name = name
    self.reason = reason
  }

  /// - Parameter words: what a decoder complains of.
  init(_ kind: ClusterObject.Kind, _ name: ObjectName?, _ words: String) {
    self.init(name: name, reason: "\(kind.rawValue) \(name?.description ?? "?"): \(words)")
  }
}

/// The name of an object, whatever the rest of it is like.
struct NameForm: Decodable {
  let metadata: Name?

  struct Name: Decodable {
    let name: String?
    let namespace: String?
  }

  func name(of kind: ClusterObject.Kind) -> ObjectName? {
    guard let metadata, let name = metadata.name, !name.isEmpty else { return nil }
    switch kind {
    case .node, .policy, .pool: return ObjectName("", name)
    case .service, .endpointSlice:
      return ObjectName(metadata.namespace.flatMap { $0.isEmpty ? nil : $0 } ?? "default", name)
    }
  }
}
