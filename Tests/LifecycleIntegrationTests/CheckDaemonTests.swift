import FoundationEssentials
import LANTestKit
import Testing

/// `announcer check` beside a running daemon: what is in force, and what takes the file over.
@Suite(.needsLAN, .serialized, .timeLimit(.minutes(10)))
struct CheckDaemonTests {
  private func check(_ node: Node, _ arguments: String...) async throws -> CommandResult {
    try await node.host.run(
      [Program.path, "check", "--config", node.configuration] + arguments)
  }

  private func write(_ settings: Node.Settings, of node: Node) throws {
    try Node.yaml(settings, node.scratch, socket: node.socket).write(
      toFile: node.configuration, atomically: true, encoding: .utf8)
  }

  @Test func theLastLineSaysWhatToDo() async throws {
    try await withLAN(["a"]) { lan, scratch in
      var settings = Node.Settings()
      let node = try await Node.start(on: lan["a"], in: scratch, settings)
      let same = try await check(node)
      #expect(same.status == .exited(0), "\(same)")
      #expect(same.standardOutput.hasSuffix("\n\nin force already\n"), "\(same.standardOutput)")
      #expect(
        same.standardOutput.contains("\nthe running daemon\n  announcer 0.1.0, node node-a: "))

      settings.addresses.append("10.80.8.151")
      try write(settings, of: node)
      let more = try await check(node)
      #expect(more.status == .exited(0))
      #expect(
        more.standardOutput.hasSuffix(
          "\n\na reload takes effect: systemctl reload announcer\n"), "\(more.standardOutput)")
      #expect(
        more.standardOutput.contains("\n  `announcements` changed: 1 address added, 0 removed\n"))
      let json = try JSONValue(try await check(node, "--output", "json").standardOutput)
      #expect(json["daemon"]?["onDisk"]?["state"] == .string("reload"))
      #expect(json["daemon"]?["silence"] == .null)
      #expect(try await node.status().addresses.count == 1, "nothing was taken over")

      settings.rebalances = true
      try write(settings, of: node)
      let other = try await check(node)
      #expect(other.status == .exited(0))
      #expect(
        other.standardOutput.hasSuffix(
          "\n\nneeds a restart, not a reload: systemctl restart announcer\n"))
      #expect(other.standardOutput.contains("`lease` changed in \(node.configuration)"))
    }
  }

  /// None, one that hangs, one of another version, one with another file: a line, and no fault.
  @Test func whoDoesNotAnswerIsNoFault() async throws {
    try await withLAN(["a"]) { lan, scratch in
      let file = scratch.path("c.yaml")
      func check(_ socket: String) async throws -> CommandResult {
        try Node.yaml(Node.Settings(), scratch, socket: socket).write(
          toFile: file, atomically: true, encoding: .utf8)
        return try await lan["a"].run([Program.path, "check", "--config", file])
      }
      let none = try await check(scratch.path("none"))
      #expect(none.status == .exited(0))
      #expect(
        none.standardOutput.contains(
          "\nthe running daemon\n  no announcer is running here"), "\(none.standardOutput)")

      let older = try FakeServer(
        path: scratch.path("old"),
        answer: "{\"version\":\"0.0.9\",\"error\":\"this announcer does not know 'compare'\"}\n")
      let old = try await check(scratch.path("old"))
      withExtendedLifetime(older) {}
      #expect(old.status == .exited(0))
      #expect(old.standardOutput.contains("does not know 'compare'"), "\(old.standardOutput)")
      #expect(old.standardOutput.contains("is version 0.0.9"))

      let node = try await Node.start(on: lan["a"], in: scratch)
      let another = try await check(node.socket)
      #expect(another.status == .exited(0))
      #expect(another.standardOutput.contains("it has loaded another file"))
      // It may not be asked about any file but its own.
      #expect(!another.standardOutput.contains("takes effect"))
      node.process.signal(19)
      let start = wallClock()
      let hung = try await check(node.socket)
      node.process.signal(18)
      #expect(hung.status == .exited(0))
      #expect(hung.standardOutput.contains("did not answer within 2 s"), "\(hung.standardOutput)")
      #expect(wallClock() - start < 20_000_000_000)
    }
  }

  /// What the daemon may not read, and root may.
  @Test func whatTheDaemonCannotReadIsAProblem() async throws {
    try await withLAN(["a"]) { lan, scratch in
      let open = ["chmod", "0777", scratch.directory]
      #expect(try await runCommand(open).succeeded)
      let node = try await Node.start(
        on: lan["a"], in: scratch,
        wrapper: [
          "setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "--inh-caps",
          "+net_raw", "--ambient-caps", "+net_raw",
        ])
      #expect(try await check(node).status == .exited(0))
      #expect(try await runCommand(["chmod", "0600", node.configuration]).succeeded)
      let shut = try await check(node)
      #expect(shut.status == .exited(1))
      #expect(
        shut.standardOutput.contains("the running daemon refuses the file: "), "\(shut)")
      #expect(shut.standardOutput.contains("permission denied"))
      #expect(!shut.standardOutput.contains("takes effect"))
    }
  }
}
