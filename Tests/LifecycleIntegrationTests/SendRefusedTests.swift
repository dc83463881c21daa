import LANTestKit
import Testing

/// A node on which the kernel sends none of the program's frames: the address goes to one that is heard.
@Suite(.needsLAN, .serialized, .timeLimit(.minutes(5)))
struct SendRefusedTests {
  private static let filter = """
    table netdev cut {
      chain out {
        type filter hook egress device lan0 priority 0
        ether type arp drop
      }
    }
    """

  @Test func theAddressGoesToANodeThatIsHeard() async throws {
    try await withLAN(["a", "b", "client"]) { lan, scratch in
      let addresses = ["10.80.8.150", "2001:db8::10"]
      func start(_ label: String) async throws -> Node {
        try await Node.start(
          on: lan[label], in: scratch,
          Node.Settings(
            name: "node-\(label)", addresses: addresses, extra: "selfCheck: {interval: 1s}"),
          label: label)
      }
      let a = try await start("a")
      for address in addresses { try await a.waitFor("announcing", address) }
      let b = try await start("b")
      for address in addresses { try await b.waitFor("standby", address) }

      let cut = try await lan["a"].run("nft", Self.filter)
      #expect(cut.succeeded, "\(cut.standardError)")
      // Only what cannot leave moves.
      try await b.waitFor("announcing", "10.80.8.150")
      #expect(try await a.address("2001:db8::10")?.state == "announcing")
      let status = try await a.status()
      #expect(!status.ready)
      let reason = status.addresses.first { $0.address == "10.80.8.150" }?.reason ?? ""
      #expect(reason.contains("lan0: the kernel refuses to send here"), "\(reason)")
      try await a.waitForLog("the kernel sends none of our frames", "IPv4")
      let answer = try await lan["client"].run(
        "arping", "-c", "1", "-w", "5", "-0", "-i", "lan0", "10.80.8.150")
      #expect(answer.standardOutput.contains("\(try await lan["b"].hardwareAddress())"))

      // However long it lasts, a line for each change.
      #expect(a.log.split(separator: "\n").count { $0.contains("refused a frame") } == 1)
      try await lan["a"].run("nft", "delete table netdev cut")
      try await a.waitForLog("the kernel sends our frames again")
      try await eventually(within: .seconds(10), "\(a.log)") { try await a.status().ready }
      try await a.waitFor("standby", "10.80.8.150")
    }
  }
}
