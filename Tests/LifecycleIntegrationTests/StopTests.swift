import EtcdTestKit
import FoundationEssentials
import Glibc
import LANTestKit
import LinuxSystem
import Testing

/// A stop is a success, and soon, whatever goes on beside it.
@Suite(.needsLAN, .serialized, .timeLimit(.minutes(10)))
struct StopTests {
  /// The service manager would kill it after 10 s (TimeoutStopSec), and call the unit failed.
  @Test func aStoreThatHangsDoesNotHoldUpTheStop() async throws {
    try await EtcdCluster.run { etcd in
      try await withLAN(["node"]) { lan, scratch in
        try await lan["node"].addAddress("10.80.0.1/16")
        let socket = try await lan["node"].inNamespace { try BoundSocket(reachedAs: "10.80.0.1") }
        let way = try TCPProxy(to: etcd.members[0].plan.clientPort, on: socket)
        defer { way.close() }
        let node = try await Node.start(
          on: lan["node"], in: scratch,
          Node.Settings(
            lease: "{backend: etcd, duration: 20s, etcd: {endpoints: [\"\(way.url)\"]}}"))
        try await node.waitFor("announcing")
        way.set { $0.losesRequests = true }
        node.process.signal(SIGTERM)
        let time = await timeUntil(within: .seconds(60)) { !node.process.isRunning }
        report(
          "stop beside a store that hangs", milliseconds: (time ?? .seconds(60)) / .milliseconds(1))
        #expect(time.map { $0 < .seconds(6) } == true)
        #expect(try await node.process.wait() == .exited(0))
        #expect(node.log.contains("the lease store does not answer"))
      }
    }
  }

  /// Everything falls silent at once, however much there is.
  @Test func fiftyInterfacesAndAThousandAddressesDoNotHoldUpTheStop() async throws {
    let count = Program.isMeasured ? 1000 : 100
    try await withLAN(["node"]) { lan, scratch in
      let script = """
        for i in $(seq 50); do
          ip link add many$i type veth peer name far$i; ip link set far$i up; ip link set many$i up
        done
        """
      let made = try await lan["node"].run("sh", "-e", "-c", script)
      #expect(made.succeeded, "\(made.standardError)")
      let node = try await Node.start(
        on: lan["node"], in: scratch,
        Node.Settings(
          interfaces: ["^many"],
          addresses: ["10.80.8.0-10.80.\(8 + (count - 1) / 256).\((count - 1) % 256)"]))
      try await eventually(within: .seconds(60), "\(node.log)") {
        let addresses = try await node.status().addresses
        return addresses.count { $0.state == "announcing" && $0.interfaces.count == 50 } == count
      }
      node.process.signal(SIGTERM)
      let time = await timeUntil(within: .seconds(60)) { !node.process.isRunning }
      report(
        "stop with 50 interfaces and \(count) addresses",
        milliseconds: (time ?? .seconds(60)) / .milliseconds(1))
      #expect(time.map { $0 < .seconds(Program.isMeasured ? 1 : 10) } == true)
      #expect(try await node.process.wait() == .exited(0), "\(node.log)")
    }
  }

  /// Reloads from the first moment to the last, before anybody listens for them and after: none ends the daemon.
  @Test func aReloadIsNeverAnEnd() async throws {
    try await withLAN(["node"]) { lan, scratch in
      let node = try await Node.start(on: lan["node"], in: scratch, waits: false)
      // It has taken its socket, and nobody listens for signals yet.
      await withThread(named: "socket") {
        while !scratch.exists("a.sock"), node.process.isRunning { usleep(50) }
      }
      node.process.signal(SIGHUP)
      _ = try await timeUntil(within: .seconds(30)) {
        node.process.signal(SIGHUP)
        return try await node.statusIfServed()?.ready == true
      }
      try await node.waitFor("announcing")
      node.process.signal(SIGTERM)
      await eventually(within: .seconds(20)) {
        node.process.signal(SIGHUP)
        return !node.process.isRunning
      }
      #expect(try await node.process.wait() == .exited(0), "\(node.log)")
    }
  }
}
