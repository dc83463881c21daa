import FoundationEssentials
import LANTestKit
import Testing

/// `announcer reload`: what came of it, and when.
@Suite(.needsLAN, .serialized, .timeLimit(.minutes(10)))
struct ReloadCommandTests {
  private func withNode(_ body: (Node, inout Node.Settings) async throws -> Void) async throws {
    try await withLAN { lan, scratch in
      var settings = Node.Settings()
      let node = try await Node.start(on: lan["node"], in: scratch, settings)
      try await node.waitFor("announcing")
      try await body(node, &settings)
    }
  }

  private func write(_ settings: Node.Settings, of node: Node) throws {
    try write(Node.yaml(settings, node.scratch, socket: node.socket), of: node)
  }

  private func write(_ text: String, of node: Node) throws {
    try text.write(toFile: node.configuration, atomically: true, encoding: .utf8)
  }

  /// When the command ends, the LAN has been asked for the new address. Its claim takes some milliseconds more.
  @Test func itEndsWhenTheNewAddressIsAnnounced() async throws {
    try await withNode { node, settings in
      settings.addresses.append("10.80.8.151")
      try write(settings, of: node)
      let result = try await node.client.ask("reload")
      #expect(try await node.address("10.80.8.151")?.state != "blocked")
      try await eventually { try await node.address("10.80.8.151")?.state == "announcing" }
      #expect(result.status == .exited(0))
      #expect(
        result.standardOutput
          == "reloaded \(node.configuration)\n  `announcements` changed: 1 address added, 0 removed\n"
      )
      #expect(result.standardError.isEmpty, "\(result.standardError)")
      let again = try await node.client.ask("reload")
      #expect(again.status == .exited(0))
      #expect(
        again.standardOutput == "reloaded \(node.configuration): nothing in it has changed\n")
    }
  }

  @Test func aFileThatIsRefusedIsAFailure() async throws {
    try await withNode { node, settings in
      try write("interfces: [lan0]\n", of: node)
      let bad = try await node.client.ask("reload")
      #expect(bad.status == .exited(1))
      #expect(bad.standardOutput.isEmpty)
      #expect(
        bad.standardError.contains(
          "\(node.configuration):1:1: interfces: unknown key; did you mean"),
        "\(bad.standardError)")
      #expect(
        bad.standardError.hasSuffix(
          "announcer: \(node.configuration) is refused: what was in force stays in force\n"))
      #expect(try await node.address()?.state == "announcing")

      settings.rebalances = true
      settings.addresses.append("10.80.8.151")
      try write(settings, of: node)
      let restart = try await node.client.ask("reload")
      #expect(restart.status == .exited(1))
      #expect(restart.standardError.contains("needs a restart (systemctl restart announcer)"))
      #expect(try await node.address("10.80.8.151") == nil)
      let json = try JSONValue(
        try await node.client.ask("reload", "--output", "json").standardOutput)
      #expect(json["onDisk"]?["state"] == .string("restart"))
      #expect(json["file"] == .string(node.configuration))
    }
  }

  /// What only the journal and `status` would say otherwise.
  @Test func aPatternThatMatchesNothingIsSaid() async throws {
    try await withNode { node, settings in
      settings.interfaces.append("^nothing$")
      try write(settings, of: node)
      let result = try await node.client.ask("reload")
      #expect(result.status == .exited(0))
      #expect(
        result.standardError.contains("announcer: warning: ")
          && result.standardError.contains("pattern '^nothing$' matches no interface of this node"),
        "\(result)")
    }
  }

  /// Under systemd the unit knows the process, also where the configuration moved the control socket.
  @Test func whereTheSocketGivesNoResultTheProcessIsSignalled() async throws {
    try await withNode { node, settings in
      settings.addresses.append("10.80.8.151")
      try write(settings, of: node)
      func reload(_ arguments: String...) async throws -> CommandResult {
        try await node.host.run(
          [Program.path, "reload", "--socket", node.scratch.path("nowhere")] + arguments)
      }
      let alone = try await reload()
      #expect(alone.status == .exited(1))
      #expect(alone.standardError.contains("no announcer is running here"))
      #expect(try await node.address("10.80.8.151") == nil)
      let signalled = try await reload("--or-signal", "\(node.process.pid)")
      #expect(signalled.status == .exited(0))
      #expect(signalled.standardError.contains("sent SIGHUP to \(node.process.pid)"))
      try await node.waitFor("announcing", "10.80.8.151")
      // A group of processes is not a process.
      #expect(try await reload("--or-signal", "0").status == .exited(2))
      #expect(try await reload("--or-signal=-1").status == .exited(2))
    }
  }

  /// Of many that ask at once, none is answered from before its question.
  @Test func manyAtOnceEndWithTheNewestFile() async throws {
    try await withNode { node, settings in
      let written = settings
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 1...8 {
          var settings = written
          settings.addresses = ["10.80.8.150", "10.80.8.\(150 + number)"]
          try write(settings, of: node)
          group.addTask {
            let result = try await node.client.ask("reload")
            #expect(result.status == .exited(0), "\(result)")
          }
        }
        try await group.waitForAll()
      }
      #expect(try await node.address("10.80.8.158")?.state == "announcing")
      #expect(try await node.status().addresses.count == 2)
    }
  }
}
