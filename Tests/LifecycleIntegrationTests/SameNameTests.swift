import EtcdTestKit
import FoundationEssentials
import LANTestKit
import Testing

/// Two machines were cloned, or set up from one file: both have the same name.
@Suite(.needsLAN, .serialized, .timeLimit(.minutes(10)))
struct SameNameTests {
  @Test func theSecondSaysThatTwoHaveTheName() async throws {
    try await withLAN(["a", "b"]) { lan, scratch in
      for (number, name) in ["a", "b"].enumerated() {
        try await lan[name].addAddress("10.80.0.\(number + 1)/16")
      }
      try await EtcdCluster.run { etcd in
        var ways: [TCPProxy] = []
        defer { for way in ways { way.close() } }
        func start(_ name: String, notifying: NotifySocket? = nil) async throws -> Node {
          let socket = try await lan[name].inNamespace {
            try BoundSocket(reachedAs: "10.80.0.\(name == "a" ? 1 : 2)")
          }
          let way = try TCPProxy(to: etcd.members[0].plan.clientPort, on: socket)
          ways.append(way)
          return try await Node.start(
            on: lan[name], in: scratch,
            Node.Settings(
              lease: "{backend: etcd, duration: 3s, etcd: {endpoints: [\"\(way.url)\"]}}"),
            label: name,
            environment: notifying.map { ["NOTIFY_SOCKET": $0.path] } ?? [:], waits: name == "a")
        }
        let first = try await start("a")
        try await first.waitFor("announcing")
        let manager = try NotifySocket(path: scratch.path("notify"))
        let second = try await start("b", notifying: manager)
        let isTaken = "the name 'node-a' belongs to session "
        try await eventually(within: .seconds(30), "\(second.log)") {
          try await second.statusIfServed()?.addresses.first?.reason?.hasPrefix(isTaken) == true
        }
        let words = "which is alive: two daemons have this name; set `node` to another"
        try await eventually(within: .seconds(30), "\(second.log)") {
          try await second.address()?.reason?.contains(words) == true
        }
        #expect(try await second.address()?.state == "blocked")
        #expect(try await second.status().lease.error?.contains(words) == true)
        await eventually(within: .seconds(20), "\(second.log)") {
          second.log.split(separator: "\n").count { $0.contains(words) } == 1
            && manager.last("STATUS=")?.contains(words) == true
        }
        // The first has it, and says nothing of all this.
        #expect(try await first.address()?.state == "announcing")

        first.process.signal(15)
        try await second.waitFor("announcing")
        #expect(try await second.status().lease.error == nil)
      }
    }
  }
}
