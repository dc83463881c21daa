import FoundationEssentials
import LANTestKit
import Testing

/// The command line with a daemon on a LAN: what it answers, and what it refuses.
@Suite(.needsLAN, .serialized, .timeLimit(.minutes(10)))
struct DaemonCommandTests {
  @Test func statusHasEveryNameOfTheInterface() async throws {
    try await withLAN(["a", "b"]) { lan, scratch in
      let addresses = ["10.80.8.150", "2001:db8::10"]
      let a = try await Node.start(
        on: lan["a"], in: scratch, Node.Settings(addresses: addresses), label: "a")
      try await a.waitFor("announcing", "2001:db8::10")
      let b = try await Node.start(
        on: lan["b"], in: scratch,
        Node.Settings(name: "node-b", interfaces: ["^none$"], addresses: addresses), label: "b")
      for node in [a, b] {
        let result = try await node.client.ask("status", "--output", "json")
        #expect(result.status == .exited(0) && result.standardError.isEmpty)
        let status = try JSONValue(result.standardOutput)
        #expect(
          status.keys.isSuperset(of: [
            "version", "node", "session", "startedAt", "ready", "drained", "configuration", "lease",
            "interfaces", "addresses", "ignored", "warnings",
          ]))
        #expect(
          status["configuration"]?.keys.isSuperset(of: ["file", "loadedAt", "error"]) == true)
        #expect(
          status["lease"]?.keys.isSuperset(of: [
            "backend", "state", "deadlineInMs", "lastRenewalMs", "durationMs", "endpoint", "error",
          ]) == true)
        #expect(
          status["interfaces"]?[0]?.keys.isSuperset(of: [
            "name", "index", "hardwareAddress", "state", "matchedBy", "reason",
          ]) == true)
        #expect(
          status["addresses"]?[0]?.keys.isSuperset(of: [
            "address", "state", "holder", "since", "interfaces", "origins", "reason", "answers",
            "lastAnswerAt", "announcements", "conflict",
          ]) == true)
        #expect(status["configuration"]?["error"] == .null)
        #expect(status["addresses"]?[0]?["conflict"] == .null)
        #expect(status["lease"]?["backend"] == .string("local"))
        #expect(status["lease"]?["deadlineInMs"] == .null, "a local lease has no TTL")
      }
      let entry = try JSONValue(
        try await a.client.ask("status", "--output", "json").standardOutput)["addresses"]?[0]
      #expect(entry?["holder"] == .string("node-a"))
      #expect(entry?["reason"] == .null)
      #expect(entry?["origins"] == .array([.string("configuration/test")]))
      let blocked = try await b.address()
      #expect(blocked?.state == "blocked" && blocked?.holder == "node-a")
    }
  }

  @Test func coloursOnlyOnATerminal() async throws {
    try await withLAN(["a"]) { lan, scratch in
      let node = try await Node.start(on: lan["a"], in: scratch)
      try await node.waitFor("announcing")
      let piped = try await node.client.ask("status")
      #expect(piped.succeeded && !piped.standardOutput.contains("\u{1b}"))
      #expect(piped.standardOutput.contains("10.80.8.150"))
      let command = "\(Program.path) status --socket \(node.socket)"
      func onTerminal(_ prefix: String) async throws -> String {
        try await lan["a"].run(
          "script", "-qec", "stty cols 80; \(prefix) \(command)", "/dev/null"
        ).standardOutput
      }
      let coloured = try await onTerminal("env -u NO_COLOR TERM=xterm")
      #expect(coloured.contains("\u{1b}["), "\(coloured)")
      let plain = try await onTerminal("env TERM=xterm NO_COLOR=1")
      #expect(plain.contains("10.80.8.150") && !plain.contains("\u{1b}["))
      #expect(plain.split(separator: "\r\n").allSatisfy { $0.count <= 80 }, "\(plain)")
    }
  }

  @Test func explainSaysWhy() async throws {
    try await withLAN(["a", "b"]) { lan, scratch in
      let a = try await Node.start(on: lan["a"], in: scratch, label: "a")
      try await a.waitFor("announcing")
      let b = try await Node.start(
        on: lan["b"], in: scratch,
        Node.Settings(name: "node-b", addresses: ["10.80.8.150", "2001:db8::10"]), label: "b")
      try await b.waitFor("standby")
      try await b.waitFor("announcing", "2001:db8::10")

      let announced = try await a.client.ask("explain", "10.80.8.150")
      #expect(announced.status == .exited(0))
      #expect(announced.standardOutput.contains("announc"), "\(announced.standardOutput)")
      #expect(announced.standardOutput.contains("lan0"))
      #expect(announced.standardOutput.contains("configuration/test"))

      let standby = try await b.client.ask("explain", "10.80.8.150")
      #expect(standby.status == .exited(0))
      #expect(standby.standardOutput.contains("node-a"), "\(standby.standardOutput)")

      _ = try await b.client.ask("drain")
      let blocked = try await b.client.ask("explain", "2001:db8::10")
      #expect(blocked.status == .exited(0))
      #expect(blocked.standardOutput.contains("undrain"), "\(blocked.standardOutput)")

      let unknown = try await a.client.ask("explain", "192.0.2.1")
      #expect(unknown.status == .exited(1))
      #expect(unknown.standardOutput.contains("192.0.2.1"))
      let json = try JSONValue(
        try await a.client.ask("explain", "192.0.2.1", "--output", "json").standardOutput)
      #expect(json["address"] == .null && json["asked"] == .string("192.0.2.1"))
    }
  }

  @Test func aSecondDaemonOnOneControlSocketNamesTheFirst() async throws {
    try await withLAN(["a"]) { lan, scratch in
      let node = try await Node.start(on: lan["a"], in: scratch)
      let result = try await lan["a"].run(
        Program.path, "run", "--config", node.configuration)
      #expect(result.status == .exited(1))
      let lines = result.standardError.split(separator: "\n")
      #expect(lines.count == 1, "\(result.standardError)")
      #expect(result.standardError.contains("(pid \(node.process.pid))"))
      #expect(result.standardError.contains(node.socket))
      #expect(try await node.status().ready, "the first is not disturbed")
      // What a crash leaves behind is no obstacle.
      await node.process.stop()
      #expect(scratch.exists("a.sock"))
      let again = try await Node.start(on: lan["a"], in: scratch)
      try await again.waitFor("announcing")
    }
  }

  @Test func withoutTheCapability() async throws {
    try await withLAN(["a"]) { lan, scratch in
      let configuration = scratch.path("a.yaml")
      try Node.yaml(Node.Settings(), scratch, socket: scratch.path("a.sock")).write(
        toFile: configuration, atomically: true, encoding: .utf8)
      let without = ["setpriv", "--bounding-set", "-all", "--inh-caps", "-all"]
      for arguments in [["run", "--config", configuration], ["probe", "10.80.8.150"]] {
        let result = try await lan["a"].run(without + [Program.path] + arguments)
        #expect(result.status == .exited(1))
        #expect(result.standardError.split(separator: "\n").count == 1, "\(result.standardError)")
        #expect(result.standardError.contains("CAP_NET_RAW"))
        #expect(result.standardOutput.isEmpty)
      }
      let check = try await lan["a"].run(
        without + [Program.path, "check", "--config", configuration, "--output", "json"])
      #expect(check.status == .exited(0))
      let report = try CheckOutput(check.standardOutput)
      #expect(report.problems == [])
      #expect(report.notChecked.contains { $0.contains("CAP_NET_RAW") && $0.contains("sudo") })
    }
  }

  @Test func checkSaysWhatWouldHappen() async throws {
    try await withLAN(["a"]) { lan, scratch in
      func check(_ settings: Node.Settings, _ arguments: String...) async throws -> CommandResult {
        let file = scratch.path("c.yaml")
        try Node.yaml(settings, scratch, socket: scratch.path("c.sock")).write(
          toFile: file, atomically: true, encoding: .utf8)
        return try await lan["a"].run([Program.path, "check", "--config", file] + arguments)
      }
      let good = Node.Settings(addresses: ["10.80.8.150", "10.80.8.160-10.80.8.169"])
      let text = try await check(good)
      #expect(text.status == .exited(0), "\(text.standardOutput)\(text.standardError)")
      #expect(text.standardOutput.contains("lan0  active, matched by ^lan0$"))
      #expect(text.standardOutput.contains("announcements (11 addresses)"))
      #expect(text.standardError.isEmpty)
      let json = try CheckOutput(try await check(good, "--output", "json").standardOutput)
      #expect(json.ok && json.addressCount == 11 && json.node == "node-a")
      #expect(json.interfaces.first { $0.name == "lan0" }?.matchedBy == ["^lan0$"])

      let absent = Node.Settings(interfaces: ["^absent0$"])
      let no = try await check(absent)
      #expect(no.status == .exited(1))
      #expect(no.standardOutput.contains("NOT right"))
      #expect(no.standardOutput.contains("no interface of this node matches"))
      #expect(try !CheckOutput(try await check(absent, "--output", "json").standardOutput).ok)

      // Of another node's addresses this one has nothing to complain.
      var others = Node.Settings()
      others.extra = "x-unused: 1"
      #expect(try await check(others).status == .exited(2))
    }
  }

  @Test func checkSaysWhatTheLeaseMeans() async throws {
    try await withLAN(["a"]) { lan, scratch in
      func check(_ lease: String, _ arguments: String...) async throws -> CommandResult {
        let file = scratch.path("c.yaml")
        let text = Node.yaml(Node.Settings(), scratch, socket: scratch.path("c.sock"))
          .split(separator: "\n").map { $0.hasPrefix("lease:") ? "lease: \(lease)" : String($0) }
        try text.joined(separator: "\n").write(toFile: file, atomically: true, encoding: .utf8)
        return try await lan["a"].run([Program.path, "check", "--config", file] + arguments)
      }
      let local = try await check("{local: {directory: \(scratch.path("claims"))}}")
      #expect(
        local.standardOutput.contains(
          "\n\nlease\n  local: \(scratch.path("claims"))\n  for the processes of this machine only\n\n"
        ))

      let etcd = "backend: etcd, etcd: {endpoints: [https://a, https://b], prefix: /lan}"
      let held = try await check("{\(etcd), whenStoreIsLost: hold, rebalance: gradual}")
      #expect(held.status == .exited(0), "\(held.standardOutput)\(held.standardError)")
      #expect(
        held.standardOutput.contains(
          """

          lease
            etcd: https://a:2379, https://b:2379
            keys below /lan/
            5 s; this node falls silent 4.04 s after its last confirmed renewal, unless nobody else is heard
            rebalance: gradual

          """), "\(held.standardOutput)")

      // The shortest lease that can be written still leaves room for a second renewal.
      let short = try await check("{\(etcd), duration: 1s}", "--output", "json")
      let lease = try #require(try JSONValue(short.standardOutput)["lease"])
      #expect(short.status == .exited(0))
      #expect(lease["durationMs"] == .number(1000) && lease["holdMs"] == .number(768))
      #expect(
        lease.keys == [
          "backend", "places", "prefix", "durationMs", "holdMs", "rebalance", "whenStoreIsLost",
        ])
      #expect(lease["prefix"] == .string("/lan"))

      let missing = try await check(
        "{backend: etcd, etcd: {endpoints: [https://a], ca: /absent/ca.pem}}")
      #expect(missing.status == .exited(1))
      #expect(
        missing.standardOutput.contains(
          "lease.etcd.ca: open /absent/ca.pem: No such file or directory (ENOENT 2)"))
    }
  }
}
