import FoundationEssentials
import LANTestKit
import Testing

/// A file that has changed since it was loaded, as `status` and `explain` tell of it.
@Suite(.needsLAN, .serialized, .timeLimit(.minutes(10)))
struct FileOnDiskTests {
  private func write(_ settings: Node.Settings, of node: Node) throws {
    try Node.yaml(settings, node.scratch, socket: node.socket).write(
      toFile: node.configuration, atomically: true, encoding: .utf8)
  }

  private func status(_ node: Node) async throws -> (state: JSONValue?, text: String) {
    let json = try JSONValue(
      try await node.client.ask("status", "--output", "json").standardOutput)
    let text = try await node.client.ask("status").standardOutput
    return (json["configuration"]?["onDisk"]?["state"], text.replacing("\n", with: " "))
  }

  @Test func whatWasForgottenIsSaid() async throws {
    try await withLAN(["a"]) { lan, scratch in
      var settings = Node.Settings()
      let node = try await Node.start(on: lan["a"], in: scratch, settings)
      try await node.waitFor("announcing")
      #expect(try await status(node).state == .string("in-force"))

      // Written again in other words: nothing to load.
      settings.extra = "# the same"
      try write(settings, of: node)
      let same = try await status(node)
      #expect(same.state == .string("in-force") && !same.text.contains("changed on disk"))

      settings.addresses.append("10.80.8.151")
      try write(settings, of: node)
      let changed = try await status(node)
      #expect(changed.state == .string("reload"))
      #expect(changed.text.contains("is not loaded: systemctl reload announcer"), "\(changed)")
      let explained = try await node.client.ask("explain", "10.80.8.151")
      #expect(explained.status == .exited(1))
      #expect(
        explained.standardOutput.contains(
          "is not loaded: systemctl reload announcer; the file asks for it now"),
        "\(explained.standardOutput)")
      let another = try await node.client.ask("explain", "10.80.8.152").standardOutput
      #expect(another.contains("is not loaded") && !another.contains("asks for it now"))

      let service = try await node.client.ask("explain", "default/web").standardOutput
      #expect(service.contains("is not loaded: systemctl reload announcer"), "\(service)")

      node.process.signal(1)
      try await node.waitFor("announcing", "10.80.8.151")
      #expect(try await status(node).state == .string("in-force"))
    }
  }

  @Test func aRestartAndAnErrorAreForetold() async throws {
    try await withLAN(["a"]) { lan, scratch in
      var settings = Node.Settings()
      let node = try await Node.start(on: lan["a"], in: scratch, settings)
      settings.rebalances = true
      try write(settings, of: node)
      let restart = try await status(node)
      #expect(restart.state == .string("restart"))
      #expect(restart.text.contains("needs a restart: systemctl restart announcer"), "\(restart)")
      settings.rebalances = false
      settings.extra = "interfces: [a]"
      try write(settings, of: node)
      let refused = try await status(node)
      #expect(refused.state == .string("refused"))
      #expect(refused.text.contains("would be refused by a reload"), "\(refused)")
      #expect(refused.text.contains("did you mean `interfaces`?"), "\(refused)")
      try FileManager.default.removeItem(atPath: node.configuration)
      #expect(try await status(node).text.contains("there is no such file"))
      #expect(try await node.status().configuration.error == nil, "no reload has refused anything")
    }
  }
}
