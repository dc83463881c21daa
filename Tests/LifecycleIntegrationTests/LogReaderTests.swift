import EtcdTestKit
import FoundationEssentials
import Glibc
import LANTestKit
import Testing

/// Standard error is a pipe whose reader hangs: `journalctl` on a full disk, a terminal under Ctrl-S, a log
/// shipper that was stopped.
@Suite(.needsLAN, .serialized, .timeLimit(.minutes(10)))
struct LogReaderTests {
  private static let lease = Duration.seconds(2)

  /// With many addresses, and two sets of them to reload to and fro, so that there is much to say.
  private func settings(_ number: Int, lease: String?) -> Node.Settings {
    Node.Settings(
      addresses: [pairAddress, "10.80.\(9 + number % 2).0/24"], extra: "log: {level: debug}",
      lease: lease)
  }

  /// Runs a daemon that announces, and whose log a test may stop reading.
  private func withDaemon(
    onEtcd: Bool, _ body: (LAN, Node, String?) async throws -> Void
  ) async throws {
    func run(_ lan: LAN, _ scratch: Scratch, lease: String?) async throws {
      let node = try await Node.start(
        on: lan["node"], in: scratch, settings(0, lease: lease), errorPipeOctets: 4096)
      try await node.waitFor("announcing")
      try await body(lan, node, lease)
    }
    try await withLAN { lan, scratch in
      guard onEtcd else { return try await run(lan, scratch, lease: nil) }
      try await lan["node"].addAddress("10.80.0.1/16")
      try await EtcdCluster.run { etcd in
        let socket = try await lan["node"].inNamespace { try BoundSocket(reachedAs: "10.80.0.1") }
        let way = try TCPProxy(to: etcd.members[0].plan.clientPort, on: socket)
        defer { way.close() }
        try await run(
          lan, scratch,
          lease: "{backend: etcd, duration: 2s, etcd: {endpoints: [\"\(way.url)\"]}}")
      }
    }
  }

  /// Stops the reader, and has the daemon log until lines are dropped, which is said where it can be.
  private func fillTheLog(_ node: Node, lease: String?) async throws {
    node.process.stopReading()
    var number = 0
    try await eventually(within: .seconds(60), "nothing was dropped") {
      number += 1
      try node.reload(settings(number, lease: lease))
      try await node.waitFor("announcing", "10.80.\(9 + number % 2).1")
      return try await node.status().warnings.contains { $0.hasPrefix("nobody reads the log") }
    }
  }

  @Test(arguments: [false, true])
  func nothingWaitsForAReaderThatHangs(onEtcd: Bool) async throws {
    try await withDaemon(onEtcd: onEtcd) { lan, node, lease in
      let capture = try await lan["client"].capture("arp")
      let asker = try await Asker(on: lan["client"], for: [pairAddress])
      let start = wallClock()
      try await fillTheLog(node, lease: lease)
      // A renewal that waits is one that the gate shows: for two leases and more, every question is answered.
      let full = wallClock()
      try await eventually(within: .seconds(30)) {
        let status = try await node.status()
        #expect(status.ready && status.lease.error == nil)
        return wallClock() - full > 5_000_000_000
      }
      asker.stop()
      let frames = try await capture.stop().asserting(pairAddress).after(start)
      let pauses = zip(frames, frames.dropFirst()).map { Double($1.wallClock - $0.wallClock) / 1e6 }
      #expect(
        (pauses.max() ?? .infinity) < Pair.longestGap, "\(pauses.max() ?? 0) ms without answer")
      report("longest pause between answers", milliseconds: pauses.max() ?? 0)
      #expect(frames.turns.count == 1)

      node.process.readOn()
      try await node.waitForLog("warning", "lines were dropped because nobody read the log")
      try await eventually { try await !node.status().warnings.contains { $0.contains("the log") } }
      #expect(node.log.components(separatedBy: "lines were dropped").count == 2, "said once")
      // Whole lines, in their order.
      let times = node.log.split(separator: "\n").map { $0.prefix { $0 != " " } }
      #expect(times.allSatisfy { $0.hasPrefix("20") && $0.hasSuffix("Z") })
      #expect(times == times.sorted())
      node.process.signal(SIGTERM)
      #expect(try await node.process.wait() == .exited(0))
      #expect(node.log.contains(" ended\n"), "the last line comes out")
    }
  }

  @Test func theStopDoesNotWaitForItEither() async throws {
    try await withDaemon(onEtcd: false) { _, node, lease in
      try await fillTheLog(node, lease: lease)
      node.process.signal(SIGTERM)
      let time = await timeUntil(within: .seconds(20)) { !node.process.isRunning }
      report(
        "stop with a log that nobody reads", milliseconds: (time ?? .seconds(20)) / .milliseconds(1)
      )
      #expect(time.map { $0 < (Program.isMeasured ? .seconds(1) : .seconds(3)) } == true)
      node.process.readOn()
      #expect(try await node.process.wait() == .exited(0))
    }
  }
}
