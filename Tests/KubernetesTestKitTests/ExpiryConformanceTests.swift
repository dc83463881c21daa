import KubernetesTestKit
import LANTestKit
import Testing

/// What is forgotten is refused in the same ways by both. On servers of their own, because a real one has to
/// start again to forget.
@Suite struct ExpiryConformanceTests {
  @Test(arguments: TestClusterKind.available)
  func refusesWhatIsForgotten(_ kind: TestClusterKind) async throws {
    try await kind.run { cluster in
      let path = APIKind.lease.path(in: "default")
      for name in ["a", "b", "c"] {
        #expect(try await cluster.create(lease(name, in: "default")).code == 201)
      }
      try await cluster.apply(policy("p"))
      let first = try await cluster.call("GET", path, query: [("limit", "2")])
      let version = first.resourceVersion
      #expect(try await cluster.create(lease("d", in: "default")).code == 201)
      try await cluster.apply(policy("q"))
      try await cluster.compact()

      expectRefusal(
        try await cluster.call(
          "GET", path,
          query: [("limit", "2"), ("continue", first.json["metadata"]["continue"].string ?? "")]),
        410, "Expired", "The provided continue parameter is too old")
      expectRefusal(
        try await cluster.call(
          "GET", path,
          query: [("resourceVersion", version), ("resourceVersionMatch", "Exact")]), 410, "Expired")

      // An error inside of a good answer.
      for kind in [APIKind.lease, .policy()] {
        let watch = try await cluster.watch(kind.path(), query: [("resourceVersion", version)])
        #expect(watch.code == 200)
        await eventually { watch.isOver }
        #expect(watch.summary == ["ERROR 410"])
        let status = watch.events.first?["object"] ?? .null
        #expect(status["kind"] == "Status")
        #expect(status["reason"] == "Expired")
        #expect(
          status["message"].string?.hasPrefix("too old resource version: \(version) (") == true)
        #expect(watch.failure == nil)
      }

      let list = try await cluster.call("GET", path)
      #expect(list.json["items"].array.count == 4)
      let watch = try await cluster.watch(
        path, query: [("resourceVersion", list.resourceVersion)])
      try await cluster.delete(.lease, "a")
      await eventually { watch.summary == ["DELETED a"] }
    }
  }
}
