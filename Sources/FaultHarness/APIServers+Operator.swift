internal import LANTestKit

/// What an operator does to the objects: with curl, so that what is checked has no part in it.
extension APIServers {
  /// Lets the nodes do what the program's role for Leases lets them do, and nothing else.
  func grantRights() async throws {
    let roles = "/apis/rbac.authorization.k8s.io/v1/namespaces/\(LeaseReading.namespace)"
    let metadata = #""metadata":{"name":"announcer"}"#
    for (path, body) in [
      (
        "roles",
        #"{\#(metadata),"rules":[{"apiGroups":["coordination.k8s.io"],"resources":["leases"],"#
          + #""verbs":["get","list","watch","create","patch","delete"]}]}"#
      ),
      (
        "rolebindings",
        #"{\#(metadata),"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"Role","#
          + #""name":"announcer"},"subjects":[{"kind":"User","name":"nodes"}]}"#
      ),
    ] {
      let answer = try await call("POST", "\(roles)/\(path)", body: body)
      guard answer.code == 201 else { throw HarnessError("POST \(path): \(answer)") }
    }
    // Each server hears of it through a watch of its own.
    for index in members.indices {
      let allowed = await timeUntil(within: .seconds(20)) {
        let answer = try? await call(
          "GET", "\(Self.leases)/nobody", of: index, token: APIServerFiles.nodeToken)
        return answer?.code == 404
      }
      guard allowed != nil else {
        throw HarnessError("\(members[index].name) does not let nodes read Leases")
      }
    }
  }

  /// Changes a Lease by a merge patch (RFC 7386), whatever its version.
  func patch(_ lease: String, _ patch: String) async throws {
    let answer = try await call("PATCH", Self.path(lease), body: patch)
    guard answer.code == 200 else { throw HarnessError("PATCH \(lease): \(answer)") }
  }

  func delete(_ lease: String) async throws {
    let answer = try await call("DELETE", Self.path(lease))
    guard answer.code == 200 else { throw HarnessError("DELETE \(lease): \(answer)") }
  }

  private static let leases =
    "/apis/coordination.k8s.io/v1/namespaces/\(LeaseReading.namespace)/leases"

  private static func path(_ lease: String) -> String { "\(leases)/\(lease)" }

  /// One call from the server's own namespace, which no partition cuts off.
  func call(
    _ method: String, _ path: String, body: String? = nil, of index: Int = 0,
    token: String = APIServerFiles.operatorToken, withinSeconds limit: Int = 5
  ) async throws -> (code: Int, text: String) {
    let result = try await members[index].host.run(
      [
        "curl", "--silent", "--show-error", "--noproxy", "*", "--max-time", "\(limit)",
        "--cacert", files.authority, "--header",
        "Authorization: Bearer \(token)", "--request", method,
        "--write-out", "\n%{http_code}",
      ]
        + (body.map {
          [
            "--header",
            "Content-Type: application/\(method == "PATCH" ? "merge-patch+" : "")json", "--data",
            $0,
          ]
        } ?? []) + [Self.url(index) + path])
    guard result.succeeded else { throw HarnessError("curl: \(result.standardError)") }
    let lines = result.standardOutput.split(separator: "\n")
    return (lines.last.flatMap { Int($0) } ?? 0, lines.dropLast().joined(separator: "\n"))
  }
}
