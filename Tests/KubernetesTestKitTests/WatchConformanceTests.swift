import KubernetesTestKit
import LANTestKit
import Testing

extension Conformance {
  /// What the test server tells those who watch is what a real server tells.
  @Suite struct WatchConformanceTests {
    @Test(arguments: TestClusterKind.available)
    func tellsFromAVersionOn(_ kind: TestClusterKind) async throws {
      let cluster = try kind.shared
      let space = try await cluster.makeNamespace()
      let path = APIKind.lease.path(in: space)
      let a = try await cluster.create(lease("a", in: space))
      let since = try await cluster.call("GET", path).resourceVersion
      let b = try await cluster.create(lease("b", in: space))
      let watch = try await cluster.watch(path, query: [("resourceVersion", since)])
      #expect(watch.code == 200)
      let changed = try await cluster.update(
        lease("a", in: space, holder: "b", version: a.resourceVersion))
      _ = try await cluster.create(
        lease("c", in: "default").merged(with: ["metadata": ["name": .string(unique("c"))]]))
      try await cluster.delete(.lease, in: space, "b")
      await eventually { watch.events.count >= 3 }
      #expect(watch.summary == ["ADDED b", "MODIFIED a", "DELETED b"])
      let objects = watch.events.map { $0["object"] }
      #expect(objects.allSatisfy { $0["kind"] == "Lease" })
      #expect(objects.allSatisfy { $0["apiVersion"] == "coordination.k8s.io/v1" })
      let versions = objects.map { $0["metadata"]["resourceVersion"].string ?? "" }
      #expect(versions[0] == b.resourceVersion)
      #expect(versions[1] == changed.resourceVersion)
      // A deletion has a version of its own.
      #expect(UInt64(versions[2])! > UInt64(versions[1])!)
      #expect(!watch.isOver)
    }

    @Test(arguments: TestClusterKind.available, ["", "0"])
    func beginsWithWhatIsThere(_ kind: TestClusterKind, version: String) async throws {
      let cluster = try kind.shared
      let space = try await cluster.makeNamespace()
      _ = try await cluster.create(lease("a", in: space))
      let last = try await cluster.create(lease("b", in: space))
      // The server's cache may be a moment behind: ask for what it has then.
      _ = try await cluster.call(
        "GET", APIKind.lease.path(in: space), query: [("resourceVersion", last.resourceVersion)])
      let watch = try await cluster.watch(
        APIKind.lease.path(in: space), query: version.isEmpty ? [] : [("resourceVersion", version)])
      await eventually { watch.summary.sorted() == ["ADDED a", "ADDED b"] }
      _ = try await cluster.create(lease("c", in: space))
      await eventually { watch.summary.last == "ADDED c" }
    }

    @Test(arguments: TestClusterKind.available)
    func tellsWhatIsSelected(_ kind: TestClusterKind) async throws {
      let cluster = try kind.shared
      let space = try await cluster.makeNamespace()
      let path = APIKind.lease.path(in: space)
      var a = try await cluster.create(lease("a", in: space, labels: ["x": "1"]))
      _ = try await cluster.create(lease("b", in: space))
      let since = try await cluster.call("GET", path).resourceVersion
      let watch = try await cluster.watch(
        path, query: [("resourceVersion", since), ("labelSelector", "x=1")])
      let named = try await cluster.watch(
        path, query: [("resourceVersion", since), ("fieldSelector", "metadata.name=b")])
      for labels: JSON in [["x": "2"], ["x": "3"], ["x": "1"], ["x": "1", "y": "1"]] {
        a = try await cluster.update(
          lease("a", in: space, labels: labels, version: a.resourceVersion))
      }
      try await cluster.delete(.lease, in: space, "b")
      try await cluster.delete(.lease, in: space, "a")
      await eventually { watch.summary.count >= 4 }
      #expect(watch.summary == ["DELETED a", "ADDED a", "MODIFIED a", "DELETED a"])
      let left = watch.events[0]["object"]
      // What it last was when it was selected, at the version of the change.
      #expect(left["metadata"]["labels"] == ["x": "1"])
      #expect(UInt64(left["metadata"]["resourceVersion"].string!)! > UInt64(since)!)
      await eventually { named.summary == ["DELETED b"] }
    }

    /// The last bookmark comes two seconds before the end.
    @Test(arguments: TestClusterKind.available)
    func sendsABookmarkBeforeTheEnd(_ kind: TestClusterKind) async throws {
      let cluster = try kind.shared
      let space = try await cluster.makeNamespace()
      let path = APIKind.lease.path(in: space)
      _ = try await cluster.create(lease("a", in: space))
      let since = try await cluster.call("GET", path).resourceVersion
      let began = ContinuousClock.now
      let watch = try await cluster.watch(
        path,
        query: [
          ("resourceVersion", since), ("allowWatchBookmarks", "true"), ("timeoutSeconds", "10"),
        ])
      let plain = try await cluster.watch(
        path, query: [("resourceVersion", since), ("timeoutSeconds", "10")])
      // Elsewhere: of no concern, but time goes on. A busy machine needs some of the eight seconds before the bookmark.
      let other = try await cluster.create(
        lease(unique("x"), in: "default"))
      await eventually(within: .seconds(20)) { watch.isOver && plain.isOver }
      #expect(ContinuousClock.now - began >= .seconds(9))
      #expect(Set(watch.summary) == ["BOOKMARK"])
      let bookmark = watch.events.last?["object"] ?? .null
      #expect(bookmark["kind"] == "Lease")
      #expect(bookmark["apiVersion"] == "coordination.k8s.io/v1")
      #expect(
        UInt64(bookmark["metadata"]["resourceVersion"].string ?? "") ?? 0
          >= UInt64(other.resourceVersion)!)
      #expect(plain.summary.isEmpty)
      #expect(watch.failure == nil && plain.failure == nil)
    }

    /// Nothing is told that is not newer than what was asked for, even if that does not exist yet.
    @Test(arguments: TestClusterKind.available)
    func waitsForTheFuture(_ kind: TestClusterKind) async throws {
      let cluster = try kind.shared
      let space = try await cluster.makeNamespace()
      let path = APIKind.lease.path(in: space)
      let a = try await cluster.create(lease("a", in: space))
      let watch = try await cluster.watch(
        path,
        query: [
          ("resourceVersion", "\(UInt64(a.resourceVersion)! + 1_000_000)"), ("timeoutSeconds", "1"),
        ])
      #expect(watch.code == 200)
      _ = try await cluster.create(lease("b", in: space))
      await eventually(within: .seconds(10)) { watch.isOver }
      #expect(watch.summary.isEmpty)
    }

    @Test(arguments: TestClusterKind.available)
    func refusesWhatIsNoVersion(_ kind: TestClusterKind) async throws {
      let cluster = try kind.shared
      let watch = try await cluster.watch(APIKind.lease.path(), query: [("resourceVersion", "x")])
      await eventually { watch.isOver }
      #expect(watch.code == 500, "\(watch.events)")
      #expect(watch.events.first?["status"] == "Failure")
    }
  }
}
