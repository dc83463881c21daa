internal import Cluster
internal import KubernetesObjects
internal import LinuxSystem
internal import Time

/// Where the server has the objects of a kind, in the best of the versions that we read.
struct KindFinder: Sendable {
  let client: APIClient
  let kind: ClusterObject.Kind
  /// How long one answer may take.
  let patience: Duration

  /// The collection's path; nil where the server's own list of what it has is without it.
  ///
  /// An answer of 404 alone would not do: a gateway whose server is away gives the same, and everything
  /// announced would be withdrawn.
  func path() async throws(APIFailure) -> String? {
    var groups: [String: [String]]?
    for version in ObjectType.versions(of: kind) {
      let parts = version.split(separator: "/").map(String.init)
      guard parts.count == 2 else {
        // The core group is always there.
        return APIClient.root("", version) + "/\(kind.rawValue.lowercased())s"
      }
      if groups == nil { groups = try await client.groups(until: .now + patience) }
      guard groups?[parts[0]]?.contains(parts[1]) == true else { continue }
      let resources = try await client.resources(
        group: parts[0], version: parts[1], until: .now + patience)
      if let resource = resources.first(where: {
        $0.kind == kind.rawValue && $0.verbs.isSuperset(of: ["list", "watch"])
      }) {
        return APIClient.root(parts[0], parts[1]) + "/\(resource.name)"
      }
    }
    return nil
  }
}
