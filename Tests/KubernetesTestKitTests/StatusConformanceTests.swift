import KubernetesTestKit
import Testing

extension Conformance {
  /// What the test server does with patches and `/status` is what a real server does.
  @Suite struct StatusConformanceTests {
    private let merge = "application/merge-patch+json"

    @Test(arguments: TestClusterKind.available)
    func writesTheStatusOfServicesApart(_ kind: TestClusterKind) async throws {
      let cluster = try kind.shared
      let space = try await cluster.makeNamespace()
      var sent = service("web", in: space)
      sent["status"] = ["loadBalancer": ["ingress": [["ip": "192.0.2.1"]]]]
      let made = try await cluster.call("POST", APIKind.service.path(in: space), body: sent)
      #expect(made.json["status"] == ["loadBalancer": [:]])

      let path = APIKind.service.path(in: space, "web")
      let patched = try await cluster.call(
        "PATCH", "\(path)/status",
        body: ["status": sent["status"], "spec": ["externalIPs": ["192.0.2.9"]]], contentType: merge
      )
      #expect(patched.code == 200, "\(patched.text)")
      #expect(patched.json["status"] == sent["status"])
      #expect(patched.json["spec"]["externalIPs"] == .null)

      let spec = try await cluster.call(
        "PATCH", path,
        body: ["status": ["loadBalancer": [:]], "spec": ["externalIPs": ["192.0.2.9"]]],
        contentType: merge)
      #expect(spec.json["status"] == sent["status"])
      #expect(spec.json["spec"]["externalIPs"] == ["192.0.2.9"])

      let read = try await cluster.call("GET", "\(path)/status")
      #expect(read.json["status"] == sent["status"])
    }

    /// As the definition of the kind wants them.
    private func conditions(_ type: String, _ status: String) -> JSON {
      let condition: JSON = [
        "type": .string(type), "status": .string(status), "reason": "because", "message": "",
        "lastTransitionTime": "2024-05-06T07:08:09Z",
      ]
      return ["conditions": .array([condition])]
    }

    @Test(arguments: TestClusterKind.available)
    func writesTheStatusOfPoliciesApart(_ kind: TestClusterKind) async throws {
      let cluster = try kind.shared
      let name = unique("policy")
      var sent = policy(name)
      sent["status"] = conditions("a", "True")
      let path = APIKind.policy().path(in: nil, name)
      let made = try await cluster.call("POST", APIKind.policy().path(), body: sent)
      #expect(made.code == 201)
      #expect(made.json["status"] == .null)
      let patched = try await cluster.call(
        "PATCH", "\(path)/status", body: ["status": sent["status"], "spec": ["interfaces": []]],
        contentType: merge)
      #expect(patched.json["status"] == sent["status"])
      #expect(patched.json["spec"]["interfaces"] == ["eth0"])
      #expect(patched.json["metadata"]["generation"] == 1)
      // Lists are replaced.
      let other = conditions("b", "False")
      let replaced = try await cluster.call(
        "PATCH", "\(path)/status", body: ["status": other], contentType: merge)
      #expect(replaced.json["status"] == other)
      let put = try await cluster.call("PUT", path, body: made.json)
      expectRefusal(put, 409, "Conflict", "the object has been modified")
      var whole = replaced.json
      whole["status"] = sent["status"]
      whole["spec"]["interfaces"] = []
      let written = try await cluster.call("PUT", "\(path)/status", body: whole)
      #expect(written.json["status"] == sent["status"])
      #expect(written.json["spec"]["interfaces"] == ["eth0"])
      expectRefusal(
        try await cluster.call(
          "PATCH", "\(path)/status", body: ["status": [:]],
          contentType: "application/strategic-merge-patch+json"), 415, "UnsupportedMediaType")
      try await cluster.delete(.policy(), name)
    }

    @Test(arguments: TestClusterKind.available)
    func patches(_ kind: TestClusterKind) async throws {
      let cluster = try kind.shared
      let space = try await cluster.makeNamespace()
      let made = try await cluster.create(lease("a", in: space, labels: ["x": "y"]))
      let path = APIKind.lease.path(in: space, "a")
      let patched = try await cluster.call(
        "PATCH", path,
        body: .object([
          "metadata": .object(["labels": .object(["x": .null, "z": "1"])]),
          "spec": .object(["holderIdentity": "b"]),
        ]), contentType: merge)
      #expect(patched.code == 200, "\(patched.text)")
      #expect(patched.json["metadata"]["labels"] == ["z": "1"])
      #expect(patched.json["spec"]["holderIdentity"] == "b")
      #expect(patched.json["spec"]["leaseDurationSeconds"] == 6)
      expectRefusal(
        try await cluster.call(
          "PATCH", path,
          body: [
            "metadata": ["resourceVersion": .string(made.resourceVersion)],
            "spec": ["holderIdentity": "c"],
          ], contentType: merge), 409, "Conflict", "the object has been modified")
      expectRefusal(
        try await cluster.call(
          "PATCH", path, body: ["spec": ["leaseDurationSeconds": 0]], contentType: merge), 422,
        "Invalid", "spec.leaseDurationSeconds")
      expectRefusal(
        try await cluster.call(
          "PATCH", APIKind.lease.path(in: space, "none"), body: [:], contentType: merge), 404,
        "NotFound")
      let strategic = try await cluster.call(
        "PATCH", path, body: ["spec": ["holderIdentity": "d"]],
        contentType: "application/strategic-merge-patch+json")
      #expect(strategic.json["spec"]["holderIdentity"] == "d")
    }

    @Test(arguments: TestClusterKind.available)
    func writesTheStatusOfNodesApart(_ kind: TestClusterKind) async throws {
      let cluster = try kind.shared
      let name = unique("node")
      let ready: JSON = ["conditions": [["type": "Ready", "status": "True"]]]
      let node: JSON = [
        "apiVersion": "v1", "kind": "Node",
        "metadata": ["name": .string(name), "labels": ["rack": "1"]],
        "spec": ["unschedulable": true],
      ]
      try await cluster.apply(node.merged(with: ["status": ready]))
      let there = try #require(try await cluster.get(.node, name))
      #expect(there["status"]["conditions"].array.first?["status"] == "True")
      #expect(there["spec"]["unschedulable"] == true)
      #expect(there["metadata"]["labels"]["rack"] == "1")
      #expect(there["metadata"]["namespace"] == .null)
      try await cluster.delete(.node, name)
    }
  }
}
