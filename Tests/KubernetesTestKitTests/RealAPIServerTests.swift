import EtcdTestKit
import KubernetesTestKit
import LANTestKit
import Testing

/// The processes of a real server. `make test-kubernetes` has one.
@Suite(.needsKubeAPIServer) struct RealAPIServerTests {
  @Test func freezesAndDiesAndKeepsItsObjects() async throws {
    let server = try await RealAPIServer.start()
    let made = try await server.create(lease("a", in: "default"))
    #expect(made.code == 201)
    server.freeze()
    await #expect(throws: (any Error).self) {
      try await server.call("GET", "/version", within: .seconds(1))
    }
    server.thaw()
    #expect(try await server.call("GET", "/version").code == 200)
    try await server.kill()
    #expect(!server.isRunning)
    await #expect(throws: (any Error).self) { try await server.call("GET", "/version") }
    try await server.restart()
    let there = try await server.get(.lease, "a")
    #expect(there?["metadata"]["uid"] == made.json["metadata"]["uid"])
    await server.stop()
    #expect(!server.isRunning && !server.etcd.isRunning)
  }

  @Test func twoShareAnEtcd() async throws {
    let first = try await RealAPIServer.start()
    let second = try await RealAPIServer.start(beside: first)
    let made = try await first.create(lease("a", in: "default"))
    let seen = try await second.call("GET", APIKind.lease.path(in: "default", "a"))
    #expect(seen.resourceVersion == made.resourceVersion)
    let watch = try await second.watch(
      APIKind.lease.path(in: "default"), query: [("resourceVersion", made.resourceVersion)])
    try await first.delete(.lease, "a")
    await eventually { watch.summary == ["DELETED a"] }
    await first.stop()
    #expect(second.etcd.isRunning)
    #expect(try await second.call("GET", "/version").code == 200)
    await second.stop()
    #expect(!second.etcd.isRunning)
  }

  @Test func endsWithItsLastReference() async throws {
    var server: RealAPIServer? = try await RealAPIServer.start(kinds: [])
    let pids = [server?.pid, server?.etcd.pid].compactMap(\.self)
    #expect(pids.count == 2)
    server = nil
    for pid in pids {
      try await eventually {
        try await runCommand(["test", "-e", "/proc/\(pid)"]).succeeded == false
      }
    }
  }
}
