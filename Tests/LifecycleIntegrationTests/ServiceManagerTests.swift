import FoundationEssentials
import Glibc
import LANTestKit
import Testing

/// What systemd hears from the daemon (`sd_notify(3)`, `Type=notify-reload`).
@Suite(.needsLAN, .serialized, .timeLimit(.minutes(10)))
struct ServiceManagerTests {
  /// A LAN with a daemon that notifies `NotifySocket`.
  private func withService(
    watchdog: Duration? = nil, _ body: (LAN, Node, NotifySocket) async throws -> Void
  ) async throws {
    try await withLAN { lan, scratch in
      let socket = try NotifySocket(path: scratch.path("notify"))
      var environment = ["NOTIFY_SOCKET": socket.path]
      if let watchdog {
        environment["WATCHDOG_USEC"] = "\(watchdog.components.attoseconds / 1_000_000_000_000)"
      }
      let node = try await Node.start(
        on: lan["node"], in: scratch, environment: environment, waits: false)
      try await body(lan, node, socket)
      withExtendedLifetime(socket) {}
    }
  }

  @Test func readyComesOnceTheAddressIsKnownAndTheResponderArmed() async throws {
    try await withService { lan, node, socket in
      await eventually(within: .seconds(20)) { socket.has("READY=1") }
      // At this moment the links are known: the address is no longer blocked for want of them.
      #expect(try await node.status().interfaces.contains { $0.name == "lan0" })
      #expect(try await node.address()?.reason?.contains("not known yet") != true)
      await eventually { socket.last("STATUS=") == "announcing 1 of 1 addresses" }
      #expect(socket.all("READY=1").count == 1, "\(socket.messages)")
      #expect(!socket.has("STOPPING=1") && !socket.has("RELOADING=1"))

      try await lan.unplug(lan["node"])
      await eventually { socket.last("STATUS=") == "announcing 0 of 1 addresses" }
      try await lan.plug(lan["node"])
      await eventually { socket.last("STATUS=") == "announcing 1 of 1 addresses" }
      _ = try await node.client.ask("drain")
      await eventually { socket.last("STATUS=") == "announcing 0 of 1 addresses, drained" }

      node.process.signal(SIGTERM)
      #expect(try await node.process.wait() == .exited(0))
      await eventually { socket.has("STOPPING=1") }
      #expect(socket.last("STATUS=")?.hasPrefix("handing over") == true)
      #expect(socket.all("READY=1").count == 1)
    }
  }

  /// As the unit runs it: a stop is a success with a watchdog too.
  @Test func aStopUnderTheWatchdogIsASuccess() async throws {
    try await withService(watchdog: .milliseconds(900)) { _, node, socket in
      await eventually(within: .seconds(20)) { socket.has("READY=1") }
      node.process.signal(SIGTERM)
      let status = try await node.process.wait()
      #expect(status == .exited(0))
      #expect(!node.log.contains("CancellationError"))
    }
  }

  @Test func everyReloadIsBegunAndEndedGoodOrBad() async throws {
    try await withService { _, node, socket in
      await eventually(within: .seconds(20)) { socket.has("READY=1") }
      try await node.waitFor("announcing")
      let texts = [
        Node.yaml(Node.Settings(addresses: ["10.80.8.151"]), node.scratch, socket: node.socket),
        "interfaces: 7\n",
        Node.yaml(Node.Settings(), node.scratch, socket: node.socket),
      ]
      for (number, text) in texts.enumerated() {
        let before = monotonicMicroseconds()
        try node.reload(text: text)
        await eventually("reload \(number): \(socket.messages)") {
          socket.all("RELOADING=1").count == number + 1 && socket.all("READY=1").count == number + 2
        }
        let message = try #require(socket.messages.last { $0.contains("RELOADING=1") })
        let stamp = message.first { $0.hasPrefix("MONOTONIC_USEC=") }.flatMap {
          UInt64($0.dropFirst("MONOTONIC_USEC=".count))
        }
        let time = try #require(stamp, "RELOADING=1 without MONOTONIC_USEC")
        #expect(time >= before && time <= monotonicMicroseconds())
        #expect(
          socket.messages.last { $0.contains("READY=1") }?
            .contains { $0.contains("refused") } == (number == 1))
      }
      // In this order, each time.
      let order = socket.messages.flatMap { $0 }.filter { $0 == "RELOADING=1" || $0 == "READY=1" }
      #expect(
        order == ["READY=1"] + (0..<3).flatMap { _ in ["RELOADING=1", "READY=1"] })
    }
  }

  @Test func theWatchdogIsFedByTheThreadThatAnswers() async throws {
    try await withService(watchdog: .milliseconds(400)) { _, node, socket in
      await eventually(within: .seconds(20)) { socket.all("WATCHDOG=1").count >= 6 }
      let times = socket.times(of: "WATCHDOG=1")
      let pauses = zip(times, times.dropFirst()).map { Double($1 - $0) / 1e6 }
      report("longest pause between two pings, period 400 ms", milliseconds: pauses.max() ?? 0)
      // systemd would have killed a service that took longer than the period.
      #expect(pauses.filter { $0 >= 400 }.count <= 1, "\(pauses)")
    }
  }

  @Test func aHangingAnswererFeedsNoWatchdog() async throws {
    try await withService(watchdog: .milliseconds(200)) { _, node, socket in
      await eventually(within: .seconds(20)) { socket.all("WATCHDOG=1").count >= 3 }
      // Only the thread called `answer` is stopped, as a debugger stops it; the rest of the daemon
      // runs on and answers questions about itself.
      let stopped = try await ThreadStop.hold(thread: "answer", of: node.process.pid)
      // One ping may be on its way.
      let held = socket.all("WATCHDOG=1").count
      for _ in 0..<5 { _ = try await node.status() }
      let start = wallClock()
      await eventually { wallClock() - start > 1_000_000_000 }
      #expect(socket.all("WATCHDOG=1").count <= held + 1)
      #expect(try await node.status().ready, "the daemon itself is well")
      await stopped.release()
      let after = socket.all("WATCHDOG=1").count
      await eventually { socket.all("WATCHDOG=1").count > after + 1 }
    }
  }

  private func monotonicMicroseconds() -> UInt64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000 + UInt64(time.tv_nsec) / 1000
  }
}
