internal import FoundationEssentials
package import Time

/// A kind of objects that a server has, in one version of its group.
package struct APIResource: Hashable, Sendable {
  /// As it stands in a path: `services`.
  package let name: String
  package let kind: String
  package let isNamespaced: Bool
  package let verbs: Set<String>
}

/// Asking the server what it has.
///
/// Source: Kubernetes documentation, "API discovery".
extension APIClient {
  /// What the server says its version is: `v1.20.2`.
  package func serverVersion(until deadline: Instant) async throws(APIFailure) -> String {
    struct Version: Decodable { let gitVersion: String }
    let version: Version = try await document("/version", until: deadline)
    return version.gitVersion
  }

  /// The groups there are, with their versions, the preferred ones first; without the core group.
  package func groups(until deadline: Instant) async throws(APIFailure) -> [String: [String]] {
    struct List: Decodable {
      let groups: [Group]
    }
    struct Group: Decodable {
      let name: String
      let versions: [Version]?
    }
    struct Version: Decodable {
      let version: String
    }
    let list: List = try await document("/apis", until: deadline)
    return Dictionary(
      list.groups.map { ($0.name, ($0.versions ?? []).map(\.version)) }, uniquingKeysWith: +)
  }

  /// What there is in one version of a group, parts of objects (`services/status`) left out; the core
  /// group's name is empty. `.notFound` where the version is not served.
  package func resources(
    group: String, version: String, until deadline: Instant
  ) async throws(APIFailure) -> [APIResource] {
    struct List: Decodable {
      let resources: [Resource]
    }
    struct Resource: Decodable {
      let name: String
      let kind: String
      let namespaced: Bool?
      let verbs: [String]?
    }
    let list: List = try await document(Self.root(group, version), until: deadline)
    return list.resources.filter { !$0.name.contains("/") }.map {
      APIResource(
        name: $0.name, kind: $0.kind, isNamespaced: $0.namespaced ?? false,
        verbs: Set($0.verbs ?? []))
    }
  }

  /// Where the objects of a group's version are: `/apis/discovery.k8s.io/v1`, or `/api/v1`.
  package static func root(_ group: String, _ version: String) -> String {
    group.isEmpty ? "/api/\(version)" : "/apis/\(group)/\(version)"
  }

  private func document<Document: Decodable>(
    _ path: String, until deadline: Instant
  ) async throws(APIFailure) -> Document {
    let octets = try await call(.get, path, until: deadline)
    guard let document = try? JSONDecoder().decode(Document.self, from: Data(octets)) else {
      throw APIFailure(
        .unintelligible, status: 200,
        text: "\(action(.get, path)): the answer is no document of an API server's")
    }
    return document
  }
}
