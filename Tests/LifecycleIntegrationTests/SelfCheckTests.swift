import FoundationEssentials
import LANTestKit
import Testing

/// The daemon asks for its own addresses from another link of its node.
@Suite(.needsLAN, .timeLimit(.minutes(10)))
struct SelfCheckTests {
  /// A node with a second link on the same LAN.
  private func withWitness(
    _ extra: String, _ body: (LAN, Node) async throws -> Void
  ) async throws {
    try await withLAN { lan, scratch in
      try await lan.connect(lan["node"], link: "lan1")
      let node = try await Node.start(
        on: lan["node"], in: scratch,
        Node.Settings(addresses: ["10.80.8.150-10.80.8.152", "2001:db8::10"], extra: extra))
      for address in ["10.80.8.150", "10.80.8.152", "2001:db8::10"] {
        try await node.waitFor("announcing", address)
      }
      try await body(lan, node)
    }
  }

  /// The switch passes nothing to lan0 any more, though its carrier is there.
  private func cut(_ lan: LAN) async throws {
    let rule = "oifname \"\(lan.port(of: lan["node"]))\" drop"
    let result = try await lan.bridge.run(
      "nft", "table bridge cut { chain forward { type filter hook forward priority 0; \(rule); }; }"
    )
    #expect(result.succeeded, "\(result.standardError)")
  }

  private func waitFor(_ state: String, _ node: Node) async throws {
    var last: NodeStatus.SelfCheck?
    try await eventually(within: .seconds(30), "\(String(describing: last))\n\(node.log)") {
      last = try await node.status().selfCheck
      return last?.state == state
    }
  }

  @Test func whatTheLANNoLongerHearsIsSaid() async throws {
    let settings = "selfCheck: {interval: 1s, interfaces: [\"^lan1$\"]}"
    try await withWitness(settings) { lan, node in
      try await eventually("\(node.log)") {
        try await node.status().selfCheck.witnesses == ["lan0": "lan1"]
      }
      #expect(try await node.status().ready)
      // Checking is no conflict, and answers are counted as any others.
      #expect(try await node.status().addresses.allSatisfy { $0.conflict == nil })

      try await cut(lan)
      try await waitFor("failed", node)
      let status = try await node.status()
      #expect(!status.ready)
      #expect(
        status.selfCheck.failures.contains(
          "10.80.8.150 on lan0, asked for from lan1: nobody answers"))
      #expect(status.selfCheck.failures.contains { $0.hasPrefix("2001:db8::10 on lan0") })
      try await node.waitForLog("self-check failed", "10.80.8.150")
      let text = try await node.client.ask("status").standardOutput
      #expect(text.contains("check     10.80.8.150 on lan0"))

      // Switched off, it keeps nobody from being ready; switched on, it finds the same again.
      let written = try String(contentsOfFile: node.configuration, encoding: .utf8)
      try node.reload(text: written.replacing("interval: 1s", with: "interval: 0s"))
      try await waitFor("off", node)
      #expect(try await node.status().ready)
      try node.reload(text: written)
      try await waitFor("failed", node)

      try await lan.bridge.run("nft", "delete table bridge cut")
      try await waitFor("passed", node)
      #expect(try await node.status().ready)
      try await node.waitForLog("self-check passed again")
    }
  }

  /// Another interface that leads elsewhere is no witness: its silence means nothing.
  @Test func anInterfaceElsewhereSaysNothing() async throws {
    try await withLAN { lan, scratch in
      try await lan["node"].ip("link", "add", "lan9", "type", "veth", "peer", "name", "far9")
      try await lan["node"].ip("link", "set", "lan9", "up")
      try await lan["node"].ip("link", "set", "far9", "up")
      let node = try await Node.start(
        on: lan["node"], in: scratch,
        Node.Settings(extra: "selfCheck: {interval: 1s, interfaces: [\"^lan9$\"]}"))
      try await node.waitFor("announcing")
      let capture = try await lan["node"].capture("arp", link: "far9")
      await eventually { capture.frames.count >= 6 }
      let check = try await node.status().selfCheck
      #expect(check.state == "passed" && check.witnesses.isEmpty)
      #expect(try await node.status().ready)
    }
  }

  @Test func aStationThatAnswersInsteadIsNamed() async throws {
    try await withWitness("selfCheck: {interval: 1s, interfaces: [\"^lan1$\"]}\nconflicts: report")
    {
      lan, node in
      try await eventually { try await node.status().selfCheck.witnesses == ["lan0": "lan1"] }
      try await cut(lan)
      try await lan["client"].addAddress("10.80.8.150/32")
      let mac = try await lan["client"].hardwareAddress()
      try await eventually(within: .seconds(30), "\(node.log)") {
        try await node.status().selfCheck.failures.contains {
          $0 == "10.80.8.150 on lan0, asked for from lan1: \(mac) answers instead"
        }
      }
    }
  }
}
