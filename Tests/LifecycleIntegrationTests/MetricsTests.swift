import FoundationEssentials
import LANTestKit
import Testing

/// What a scraper and a health check hear from a real daemon.
@Suite(.needsLAN, .timeLimit(.minutes(10)))
struct MetricsTests {
  private static let listen = "metrics: {listen: \"127.0.0.1:9717\"}"
  private static let quiet = "gratuitous: {schedule: [0ms], refresh: 0s}"

  /// GETs a path; the body and the status.
  private func get(
    _ path: String, on host: Host, _ options: String...
  ) async throws -> (body: String, status: Int) {
    let result = try await host.run(
      ["curl", "--silent", "--max-time", "10", "--write-out", "\n%{http_code}"] + options
        + ["http://127.0.0.1:9717\(path)"])
    let lines = result.standardOutput.split(separator: "\n", omittingEmptySubsequences: false)
    return (lines.dropLast().joined(separator: "\n"), Int(lines.last ?? "") ?? 0)
  }

  /// The series of a scrape, by name and labels.
  private func scrape(_ host: Host) async throws -> [String: Double] {
    let (body, status) = try await get("/metrics", on: host)
    guard status == 200 else { throw LANError("scrape: \(status)") }
    return body.split(separator: "\n").reduce(into: [:]) { series, line in
      guard !line.hasPrefix("#"), let space = line.lastIndex(of: " ") else { return }
      series[String(line[..<space])] = Double(line[line.index(after: space)...])
    }
  }

  @Test func aScrapeTellsWhatStatusTells() async throws {
    try await withLAN { lan, scratch in
      let node = try await Node.start(
        on: lan["node"], in: scratch,
        Node.Settings(
          addresses: ["10.80.8.150", "2001:db8::10"], extra: "\(Self.quiet)\n\(Self.listen)"))
      for address in ["10.80.8.150", "2001:db8::10"] {
        try await node.waitFor("announcing", address)
      }
      try await eventually { try await node.address("10.80.8.150")?.announcements == 2 }
      let arping = try await lan["client"].run(
        "arping", "-i", "lan0", "-S", "10.80.0.2", "-C", "3", "10.80.8.150")
      #expect(arping.succeeded, "\(arping.standardOutput)\(node.log)")
      try await eventually { try await node.address("10.80.8.150")?.answers ?? 0 >= 3 }

      let answers = Double(try #require(try await node.address("10.80.8.150")).answers)
      let series = try await scrape(lan["node"])
      #expect(series["announcer_ready"] == 1)
      #expect(series[#"announcer_addresses{state="announcing"}"#] == 2)
      #expect(series[#"announcer_address_announcing{address="10.80.8.150"}"#] == 1)
      #expect(series[#"announcer_address_answers_total{address="10.80.8.150"}"#] == answers)
      #expect(series[#"announcer_address_announcements_total{address="10.80.8.150"}"#] == 2)
      #expect(series[#"announcer_address_answers_total{address="2001:db8::10"}"#] == 0)
      let last = #"announcer_address_last_answer_timestamp_seconds{address="10.80.8.150"}"#
      let age = Double(wallClock()) / 1e9 - (series[last] ?? 0)
      #expect(age > 0 && age < 60)
      #expect(series[last.replacing("10.80.8.150", with: "2001:db8::10")] == nil)
      #expect(series[#"announcer_interface_state{interface="lan0",state="active"}"#] == 1)
      #expect(series[#"announcer_interface_answered_frames_total{interface="lan0"}"#] == answers)
      #expect(
        series[#"announcer_interface_sent_frames_total{interface="lan0",kind="announcement"}"#] == 3
      )
      #expect(series[#"announcer_lease_state{backend="local",state="none"}"#] == 1)
      #expect(series[#"announcer_lease_transitions_total{kind="gained"}"#] == 2)
      #expect(series["process_resident_memory_bytes"] ?? 0 > 1_000_000)

      let index = try await get("/", on: lan["node"])
      #expect(index.status == 200 && index.body.contains("/readyz"))
      #expect(try await get("/metric", on: lan["node"]).status == 404)
      #expect(try await get("/healthz", on: lan["node"]) == ("ok\n", 200))
      #expect(try await get("/readyz", on: lan["node"]) == ("ready\n", 200))
    }
  }

  /// By the checker of those who will read it.
  @Test(arguments: ["text/plain", "application/openmetrics-text"])
  func promtoolFindsNothingToSay(accept: String) async throws {
    try await withLAN { lan, scratch in
      let node = try await Node.start(
        on: lan["node"], in: scratch, Node.Settings(extra: Self.listen))
      try await node.waitFor("announcing")
      let (body, _) = try await get("/metrics", on: lan["node"], "--header", "Accept: \(accept)")
      #expect(body.hasSuffix("# EOF\n") == (accept != "text/plain"))
      guard accept == "text/plain" else { return }
      try body.write(toFile: scratch.path("metrics"), atomically: true, encoding: .utf8)
      let check = try await lan["node"].run(
        "bash", "-c", "promtool check metrics <\(scratch.path("metrics"))")
      #expect(check.succeeded && check.standardError.isEmpty, "\(check.standardError)")
    }
  }

  @Test func seriesOfThingsThatAreGoneGoAway() async throws {
    try await withLAN { lan, scratch in
      var settings = Node.Settings(
        interfaces: ["^lan"], addresses: ["10.80.8.150", "10.80.8.151"],
        extra: "\(Self.quiet)\n\(Self.listen)")
      try await lan["node"].ip("link", "add", "lan7", "type", "veth", "peer", "name", "far7")
      try await lan["node"].ip("link", "set", "lan7", "up")
      try await lan["node"].ip("link", "set", "far7", "up")
      let node = try await Node.start(on: lan["node"], in: scratch, settings)
      try await node.waitFor("announcing", "10.80.8.151")
      let sent = #"announcer_interface_sent_frames_total{interface="lan7",kind="announcement"}"#
      try await eventually { try await scrape(lan["node"])[sent] == 4 }

      settings.addresses = ["10.80.8.150"]
      try node.reload(settings)
      try await node.waitForLog("reloaded", "removed=1")
      try await lan["node"].ip("link", "delete", "lan7")
      try await eventually { try await node.interface("lan7") == nil }
      let series = try await scrape(lan["node"])
      #expect(series.keys.contains { $0.contains("10.80.8.150") })
      #expect(!series.keys.contains { $0.contains("10.80.8.151") || $0.contains("lan7") })
    }
  }

  @Test func aPortThatIsTakenKeepsNoAddressWaiting() async throws {
    try await withLAN { lan, scratch in
      let other = try lan["node"].spawn(
        "python3", "-m", "http.server", "--bind", "127.0.0.1", "9717")
      try await eventually { try await get("/", on: lan["node"]).status == 200 }
      let node = try await Node.start(
        on: lan["node"], in: scratch, Node.Settings(extra: Self.listen))
      try await node.waitFor("announcing")
      try await node.waitForLog("metrics.listen", "somebody else does")
      #expect(try await node.status().warnings.contains { $0.contains("metrics.listen") })
      other.signal(9)
      try await eventually(within: .seconds(30)) {
        try await get("/readyz", on: lan["node"]).body == "ready\n"
      }
      try await eventually { try await node.status().warnings.isEmpty }

      // Another port, and none, by a reload.
      try node.reload(Node.Settings(extra: Self.listen.replacing("9717", with: "9718")))
      try await eventually { try await get("/readyz", on: lan["node"]).status == 0 }
      let moved = try await lan["node"].run("curl", "--silent", "http://127.0.0.1:9718/readyz")
      #expect(moved.standardOutput == "ready\n")
    }
  }

  @Test func whoWaitsForItsNameIsNotReady() async throws {
    try await withLAN(["a", "b"]) { lan, scratch in
      let first = try await Node.start(on: lan["a"], in: scratch, label: "a")
      try await first.waitFor("announcing")
      let second = try await Node.start(
        on: lan["b"], in: scratch, Node.Settings(extra: Self.listen), label: "b", waits: false)
      try await eventually("\(second.log)") {
        let (body, status) = try await get("/readyz", on: lan["b"])
        return status == 503 && body.contains("node-a")
      }
      #expect(try await get("/healthz", on: lan["b"]).status == 200)
      #expect(try await second.status().ready == false)
    }
  }

  @Test func aTakeoverIsTimed() async throws {
    try await withLAN(["a", "b"]) { lan, scratch in
      let first = try await Node.start(on: lan["a"], in: scratch, label: "a")
      try await first.waitFor("announcing")
      let second = try await Node.start(
        on: lan["b"], in: scratch, Node.Settings(name: "node-b", extra: Self.listen), label: "b")
      try await second.waitFor("standby")
      #expect(try await scrape(lan["b"])["announcer_takeover_duration_seconds_count"] == 0)
      first.process.signal(9)
      try await second.waitFor("announcing")
      let series = try await scrape(lan["b"])
      #expect(series["announcer_takeover_duration_seconds_count"] == 1)
      let took = series["announcer_takeover_duration_seconds_sum"] ?? 0
      #expect(took > 0 && took < 5)
    }
  }
}
