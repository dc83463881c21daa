import FoundationEssentials
import Glibc
import LANTestKit
import Testing

/// `announcer status --watch` on a terminal and into a pipe, beside a daemon that comes and goes.
@Suite(.needsLAN, .timeLimit(.minutes(10)))
struct StatusWatchTests {
  private func watch(
    _ node: Node, on terminal: PseudoTerminal, interval: String = "200ms"
  ) throws -> RunningProcess {
    try terminal.run(
      [Program.path, "status", "--watch", "--interval", interval, "--socket", node.socket],
      on: node.host)
  }

  @discardableResult
  private func shows(
    _ terminal: PseudoTerminal, _ words: String...,
    sourceLocation: SourceLocation = #_sourceLocation
  ) async -> Bool {
    await eventually(
      within: .seconds(15), "\(words) in \(terminal.lines)", sourceLocation: sourceLocation
    ) {
      let lines = terminal.lines
      return words.allSatisfy { word in lines.contains { $0.contains(word) } }
    }
  }

  /// The screen as it was before: alternate screen left, cursor shown, keys by lines.
  private func isRestored(_ terminal: PseudoTerminal) -> Bool {
    terminal.isOrdinary && terminal.output.hasSuffix("\u{1b}[?7h\u{1b}[?25h\u{1b}[?1049l")
  }

  @Test func itLivesThroughARestartOfTheDaemon() async throws {
    try await withLAN { lan, scratch in
      let settings = Node.Settings(addresses: ["10.80.8.150", "10.80.8.160-10.80.8.199"])
      let node = try await Node.start(on: lan["node"], in: scratch, settings)
      try await node.waitFor("announcing")
      let terminal = try PseudoTerminal(width: 80, height: 24)
      let process = try watch(node, on: terminal)
      await shows(terminal, "node-a — 41 addresses", "10.80.8.150  announcing", "q quit")
      #expect(!terminal.isOrdinary)
      #expect(terminal.lines.allSatisfy { $0.count <= 80 } && terminal.lines.count <= 24)

      try terminal.type("/8.17")
      await shows(terminal, "/8.17_", "of 10 (41 in all)")
      #expect(!terminal.lines.contains { $0.contains("10.80.8.150") })
      try terminal.type("\r")
      await shows(terminal, "filter: 8.17 (Esc clears)")

      // It neither ends nor hangs while nobody answers, and goes on by itself.
      node.process.signal(SIGKILL)
      await shows(terminal, "no daemon since", "retrying: no announcer is running here")
      #expect(process.isRunning)
      let again = try await Node.start(on: lan["node"], in: scratch, settings)
      await eventually(within: .seconds(15), "\(terminal.lines)") {
        terminal.lines.first?.hasPrefix("node-a") ?? false
      }
      try terminal.type("\u{1b}")
      await shows(terminal, "of 41")
      _ = try await again.client.ask("drain")
      await shows(terminal, "drained", "10.80.8.150  blocked")

      terminal.resize(width: 60, height: 12)
      process.signal(SIGWINCH)
      await eventually {
        terminal.lines.count <= 12 && terminal.lines.allSatisfy { $0.count <= 60 }
      }
      try terminal.type("q")
      #expect(try await process.wait() == .exited(0))
      await eventually("\(terminal.output.suffix(60))") { isRestored(terminal) }
    }
  }

  @Test(arguments: ["\u{3}", "TERM", "HUP", "INT"])
  func everyWayOutRestoresTheTerminal(way: String) async throws {
    try await withLAN(["node"]) { lan, scratch in
      let node = try await Node.start(on: lan["node"], in: scratch)
      let terminal = try PseudoTerminal(width: 80, height: 24)
      let process = try watch(node, on: terminal)
      await shows(terminal, "node-a", "q quit")
      switch way {
      case "TERM": process.signal(SIGTERM)
      case "HUP": process.signal(SIGHUP)
      case "INT": process.signal(SIGINT)
      default: try terminal.type(way)
      }
      #expect(try await process.wait() == .exited(0))
      await eventually("\(terminal.output.suffix(60))") { isRestored(terminal) }
    }
  }

  @Test func intoAPipeADocumentForEachLook() async throws {
    try await withLAN(["node"]) { lan, scratch in
      let node = try await Node.start(on: lan["node"], in: scratch)
      let command = [
        Program.path, "status", "--socket", node.socket, "--watch", "--interval", "200ms",
      ]
      let text = try lan["node"].spawn(command)
      let json = try lan["node"].spawn(command + ["--output", "json"])
      await eventually(within: .seconds(15)) {
        text.lines.count { $0.hasPrefix("node-a") } >= 3 && json.lines.count >= 3
      }
      #expect(!text.standardOutput.contains("\u{1b}"))
      for line in json.lines.dropLast() {
        #expect(try JSONValue(String(line))["node"] == .string("node-a"))
      }
      node.process.signal(SIGKILL)
      await eventually(within: .seconds(15)) {
        text.standardError.contains("no daemon since") && json.standardError.contains("retrying")
      }
      for process in [text, json] {
        process.signal(SIGTERM)
        #expect(try await process.wait() == .exited(0))
        #expect(process.standardError.split(separator: "\n").count == 1, "said once")
      }
    }
  }

  /// `announcer status --watch | head` ends.
  @Test func theReaderGoesAway() async throws {
    try await withLAN(["node"]) { lan, scratch in
      let node = try await Node.start(on: lan["node"], in: scratch)
      let result = try await lan["node"].run(
        "sh", "-c",
        "\(Program.path) status --socket \(node.socket) --watch --interval 200ms | head -n 1")
      #expect(result.succeeded && result.standardOutput.hasPrefix("node-a"))
      #expect(result.standardError.isEmpty)
    }
  }

  @Test(arguments: [
    ["--interval", "1s"], ["--watch", "--interval", "5"], ["--watch", "--interval", "10ms"],
  ])
  func wrongUsage(arguments: [String]) async throws {
    let result = try await runCommand([Program.path, "status"] + arguments)
    #expect(result.status == .exited(2) && result.standardError.contains("interval"))
  }
}
