import KubernetesTestKit
import LANTestKit
import Testing

extension Conformance {
  /// What the test server does with deletions is what a real server does.
  @Suite struct DeletionConformanceTests {
    @Test(arguments: TestClusterKind.available)
    func deletesWhatFitsThePreconditions(_ kind: TestClusterKind) async throws {
      let cluster = try kind.shared
      let space = try await cluster.makeNamespace()
      let made = try await cluster.create(lease("a", in: space))
      let path = APIKind.lease.path(in: space, "a")
      let uid = made.json["metadata"]["uid"]
      func options(_ conditions: JSON) -> JSON {
        ["kind": "DeleteOptions", "apiVersion": "v1", "preconditions": conditions]
      }
      expectRefusal(
        try await cluster.call("DELETE", path, body: options(["uid": "other"])), 409, "Conflict",
        "the UID in the precondition (other) does not match the UID in record (\(uid.string ?? "")). "
          + "The object might have been deleted and then recreated")
      expectRefusal(
        try await cluster.call(
          "DELETE", path, body: options(["uid": uid, "resourceVersion": "1"])), 409, "Conflict",
        "the ResourceVersion in the precondition (1) does not match the ResourceVersion in record "
          + "(\(made.resourceVersion)). The object might have been modified")
      let gone = try await cluster.call(
        "DELETE", path,
        body: options(["uid": uid, "resourceVersion": .string(made.resourceVersion)]))
      #expect(gone.code == 200, "\(gone.text)")
      #expect(gone.json["kind"] == "Status")
      #expect(gone.json["status"] == "Success")
      #expect(gone.json["details"]["name"] == "a")
      #expect(gone.json["details"]["uid"] == uid)
      let again = try await cluster.call("DELETE", path)
      expectRefusal(again, 404, "NotFound", #"leases.coordination.k8s.io "a" not found"#)
      #expect(
        again.json["details"] == ["name": "a", "group": "coordination.k8s.io", "kind": "leases"])
      expectRefusal(try await cluster.call("GET", path), 404, "NotFound")
    }

    @Test(arguments: TestClusterKind.available)
    func waitsForFinalizers(_ kind: TestClusterKind) async throws {
      let cluster = try kind.shared
      let space = try await cluster.makeNamespace()
      var sent = service("web", in: space)
      sent["metadata"]["finalizers"] = ["service.kubernetes.io/load-balancer-cleanup"]
      try await cluster.apply(sent)
      let path = APIKind.service.path(in: space, "web")
      let answer = try await cluster.call("DELETE", path)
      #expect(answer.code == 200)
      let there = try #require(try await cluster.get(.service, in: space, "web"))
      #expect(there["metadata"]["deletionTimestamp"].string?.count == 20)
      let version = there["metadata"]["resourceVersion"]
      _ = try await cluster.call("DELETE", path)
      #expect(
        try await cluster.get(.service, in: space, "web")?["metadata"]["resourceVersion"] == version
      )
      let watch = try await cluster.watch(
        APIKind.service.path(in: space), query: [("resourceVersion", version.string ?? "")])
      let freed = try await cluster.call(
        "PATCH", path, body: .object(["metadata": .object(["finalizers": .null])]),
        contentType: "application/merge-patch+json")
      #expect(freed.code == 200)
      #expect(try await cluster.get(.service, in: space, "web") == nil)
      await eventually { watch.summary == ["DELETED web"] }
    }

    @Test(arguments: TestClusterKind.available)
    func deletesCollections(_ kind: TestClusterKind) async throws {
      let cluster = try kind.shared
      let space = try await cluster.makeNamespace()
      for name in ["a", "b", "c"] {
        _ = try await cluster.create(
          lease(name, in: space, labels: ["group": .string(name == "c" ? "2" : "1")]))
      }
      let answer = try await cluster.call(
        "DELETE", APIKind.lease.path(in: space), query: [("labelSelector", "group=1")])
      #expect(answer.code == 200)
      let rest = try await cluster.list(.lease, in: space)
      #expect(rest.map { $0["metadata"]["name"] } == ["c"])
    }
  }
}
