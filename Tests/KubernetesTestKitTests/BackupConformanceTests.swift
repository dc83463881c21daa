import KubernetesTestKit
import LANTestKit
import Testing

extension Conformance {
  /// A server whose store was put back from a backup goes on from there, with versions that were given
  /// already, and whoever knows newer ones hears nothing.
  @Suite struct BackupConformanceTests {
    @Test(arguments: TestClusterKind.available)
    func goesOnFromTheBackup(_ kind: TestClusterKind) async throws {
      try await kind.run { cluster in
        let space = try await cluster.makeNamespace()
        let path = APIKind.lease.path(in: space)
        let old = try await cluster.create(lease("a", in: space, holder: "old"))
        let backup = try await cluster.backUp()
        // More versions than a real server uses up itself while it starts again.
        for number in 1...300 {
          let there = try await cluster.call("GET", "\(path)/a")
          _ = try await cluster.update(
            lease("a", in: space, holder: "new\(number)", version: there.resourceVersion))
        }
        let new = try await cluster.call("GET", "\(path)/a")
        let last = try await cluster.create(lease("b", in: space))
        try await backup.restore()

        // The test's own connections may not know yet that the server was away.
        await eventually(within: .seconds(30)) {
          (try? await cluster.call("GET", path).code) == 200
        }
        let a = try await cluster.call("GET", "\(path)/a")
        #expect(a.resourceVersion == old.resourceVersion)
        #expect(a.json["spec"]["holderIdentity"] == "old")
        #expect(try await cluster.call("GET", "\(path)/b").code == 404)
        let list = try await cluster.call("GET", path, query: [("limit", "1")])
        #expect(try number(list) < number(last))
        expectRefusal(
          try await cluster.update(
            lease("a", in: space, holder: "x", version: new.resourceVersion)), 409, "Conflict")

        let deaf = try await cluster.watch(path, query: [("resourceVersion", last.resourceVersion)])
        #expect(deaf.code == 200)
        let watch = try await cluster.watch(
          path, query: [("resourceVersion", list.resourceVersion)])
        let again = try await cluster.create(lease("c", in: space))
        #expect(try number(again) < number(last))
        await eventually(within: .seconds(30)) { watch.summary == ["ADDED c"] }
        #expect(deaf.events.isEmpty && !deaf.isOver)
      }
    }

    private func number(_ answer: ClusterAnswer) throws -> UInt64 {
      try #require(UInt64(answer.resourceVersion))
    }
  }
}
