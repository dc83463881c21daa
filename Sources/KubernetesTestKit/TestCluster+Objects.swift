internal import LANTestKit

/// What tests do with objects, as people do it with kubectl.
extension TestCluster {
  /// Makes an object, or overwrites it together with its status.
  ///
  /// - Parameter object: with `apiVersion` and `kind`, of one of the kinds of `APIKind`.
  /// - Returns: as the server has it then.
  @discardableResult
  package func apply(_ object: JSON) async throws -> JSON {
    let (kind, version) = try Self.kind(of: object)
    let namespace = object["metadata"]["namespace"].string ?? "default"
    let name = object["metadata"]["name"].string ?? ""
    let path = kind.path(version, in: namespace, name)
    var answer: ClusterAnswer
    repeat {
      let there = try await call("GET", path)
      if there.code == 404 {
        answer = try await call(
          "POST", kind.path(version, in: namespace), body: object)
      } else {
        var new = object
        new["metadata"]["resourceVersion"] = there.json["metadata"]["resourceVersion"]
        // It was assigned, and cannot be taken away.
        if kind == .service, new["spec"]["clusterIP"] == .null {
          for field in ["clusterIP", "clusterIPs"] {
            new["spec"][field] = there.json["spec"][field]
          }
        }
        answer = try await call("PUT", path, body: new)
      }
    } while answer.code == 409
    try check(answer, path)
    guard kind.hasStatus, object["status"] != .null else { return answer.json }
    return try await patchStatus(object)
  }

  @discardableResult
  package func apply(_ json: String) async throws -> JSON { try await apply(JSON(parsing: json)) }

  /// Patches the status of an object with its `status`.
  @discardableResult
  package func patchStatus(_ object: JSON) async throws -> JSON {
    let (kind, version) = try Self.kind(of: object)
    let path =
      kind.path(
        version, in: object["metadata"]["namespace"].string ?? "default",
        object["metadata"]["name"].string) + "/status"
    let answer = try await call(
      "PATCH", path, body: ["status": object["status"]],
      contentType: "application/merge-patch+json")
    try check(answer, path)
    return answer.json
  }

  /// An object; nil where there is none.
  package func get(_ kind: APIKind, in namespace: String = "default", _ name: String) async throws
    -> JSON?
  {
    let path = kind.path(in: namespace, name)
    let answer = try await call("GET", path)
    if answer.code == 404 { return nil }
    try check(answer, path)
    return answer.json
  }

  /// Whether it was there.
  @discardableResult
  package func delete(_ kind: APIKind, in namespace: String = "default", _ name: String)
    async throws -> Bool
  {
    let path = kind.path(in: namespace, name)
    let answer = try await call("DELETE", path)
    if answer.code == 404 { return false }
    try check(answer, path)
    return true
  }

  /// - Parameter namespace: nil for all.
  package func list(_ kind: APIKind, in namespace: String? = nil, labels: String = "")
    async throws -> [JSON]
  {
    let path = kind.path(in: namespace)
    let answer = try await call(
      "GET", path, query: labels.isEmpty ? [] : [("labelSelector", labels)])
    try check(answer, path)
    return answer.json["items"].array
  }

  /// A namespace of its own, so that tests that share a server do not meet.
  package func makeNamespace(_ stem: String = "test") async throws -> String {
    let name = "\(stem)-\(UInt32.random(in: 0 ... .max))"
    try await apply([
      "apiVersion": "v1", "kind": "Namespace", "metadata": ["name": .string(name)],
    ])
    return name
  }

  private func check(_ answer: ClusterAnswer, _ path: String) throws {
    guard (200..<300).contains(answer.code) else {
      throw TestClusterError("\(path): \(answer.code): \(answer.text.prefix(1000))")
    }
  }

  private static func kind(of object: JSON) throws -> (APIKind, String) {
    let parts = (object["apiVersion"].string ?? "").split(separator: "/").map(String.init)
    let group = parts.count == 2 ? parts[0] : ""
    let all: [APIKind] = [
      .namespace, .service, .node, .event, .newEvent, .lease, .endpointSlice(), .policy(), .pool(),
    ]
    guard let version = parts.last,
      let kind = all.first(where: { $0.group == group && $0.kind == object["kind"].string })
    else { throw TestClusterError("of no known kind: \(object.text)") }
    return (kind, version)
  }
}

/// Why a test's cluster is not as it should be.
package struct TestClusterError: Error, CustomStringConvertible {
  package let description: String

  package init(_ description: String) { self.description = description }
}
