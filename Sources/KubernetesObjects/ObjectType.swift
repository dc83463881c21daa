package import Cluster

/// `apiVersion` and `kind`: what an object says it is.
package struct ObjectType: Hashable, Sendable, Decodable {
  package let apiVersion: String
  package let kind: String

  package init(apiVersion: String, kind: String) {
    self.apiVersion = apiVersion
    self.kind = kind
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Keys.self)
    apiVersion = try container.decodeIfPresent(String.self, forKey: .apiVersion) ?? ""
    kind = try container.decodeIfPresent(String.self, forKey: .kind) ?? ""
  }

  private enum Keys: CodingKey {
    case apiVersion
    case kind
  }

  /// Which of the kinds that matter it is; nil for all others, and for versions that nobody knows yet.
  package var known: ClusterObject.Kind? {
    guard let kind = ClusterObject.Kind(rawValue: kind),
      Self.versions(of: kind).contains(apiVersion)
    else { return nil }
    return kind
  }

  /// Whether it holds other objects: `List`, or a list of one kind (`ServiceList`).
  package var isList: Bool {
    if apiVersion == "v1" && kind == "List" { return true }
    return kind.hasSuffix("List")
      && ObjectType(apiVersion: apiVersion, kind: String(kind.dropLast(4))).known != nil
  }

  /// The versions in which a kind is written as we read it, the preferred one first.
  package static func versions(of kind: ClusterObject.Kind) -> [String] {
    switch kind {
    case .service, .node: ["v1"]
    case .endpointSlice: ["discovery.k8s.io/v1", "discovery.k8s.io/v1beta1"]
    case .policy, .pool: ["cilium.io/v2", "cilium.io/v2alpha1"]
    }
  }
}
