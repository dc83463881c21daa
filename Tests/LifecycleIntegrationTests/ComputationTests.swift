import EtcdTestKit
import FoundationEssentials
import LANTestKit
import Testing

/// The program with its pool of threads held still: all that computes stands, as behind a computation that does not end.
/// What answers and what renews has threads of its own (lease.md §2.17).
@Suite(.needsLAN, .serialized, .timeLimit(.minutes(10)))
struct ComputationTests {
  /// What the threads of Swift's pool are called: the end of `com.apple.root.default-qos`.
  private static let pool = "oot.default-qos"

  @Test func answersAndRenewalsGoOnWhileAllThatComputesStands() async throws {
    try await withLAN { lan, scratch in
      try await lan["node"].addAddress("10.80.0.1/16")
      try await EtcdCluster.run { etcd in
        let socket = try await lan["node"].inNamespace { try BoundSocket(reachedAs: "10.80.0.1") }
        let way = try TCPProxy(to: etcd.members[0].plan.clientPort, on: socket)
        defer { way.close() }
        let node = try await Node.start(
          on: lan["node"], in: scratch,
          Node.Settings(
            lease: "{backend: etcd, duration: 2s, etcd: {endpoints: [\"\(way.url)\"]}}"))
        try await node.waitFor("announcing")
        let session = try await node.status().session
        let capture = try await lan["client"].capture("arp")
        let asker = try await Asker(on: lan["client"], for: [pairAddress])
        let start = wallClock()
        // The pool makes threads in the place of those that stand, up to its limit.
        var stops: [ThreadStop] = []
        repeat {
          let held = try await ThreadStop.hold(
            allThreads: Self.pool, of: node.process.pid, but: stops)
          try #require(!held.isEmpty, "\(stops.count) threads stand, and something computes")
          stops += held
        } while try await node.client.ask("status").succeeded
        let standing = wallClock()
        await eventually(within: .seconds(30)) { wallClock() - standing > 6_000_000_000 }
        let end = wallClock()
        for stop in stops { await stop.release() }
        asker.stop()
        let answers = try await capture.stop().asserting(pairAddress).after(start)
          .filter { $0.wallClock < end }
        let pauses = zip(answers, answers.dropFirst()).map {
          Double($1.wallClock - $0.wallClock) / 1e6
        }
        report("longest pause between answers", milliseconds: pauses.max() ?? 0)
        #expect((pauses.max() ?? .infinity) < Pair.longestGap)
        #expect(answers.last.map { end - $0.wallClock < 1_000_000_000 } == true)
        #expect(try await node.status().session == session)
        #expect(try await node.address()?.state == "announcing")
        #expect(!node.log.contains("lost"), "\(node.log)")
      }
    }
  }
}
