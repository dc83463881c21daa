import EtcdTestKit
import Glibc
import LANTestKit
import Testing

/// `announcer status --cluster`: who has which address, asked on one node, told by the store.
@Suite(.needsLAN, .serialized, .timeLimit(.minutes(10)))
struct ClusterViewTests {
  private func cluster(_ node: Node, _ arguments: String...) async throws -> CommandResult {
    try await node.client.ask("status", ["--cluster"] + arguments)
  }

  private func json(_ result: CommandResult) throws -> JSONValue {
    try JSONValue(result.standardOutput)
  }

  private func holder(_ result: CommandResult, _ position: Int = 0) throws -> JSONValue? {
    try json(result)["addresses"]?[position]?["holder"]
  }

  @Test func oneNodeTellsWhoHasWhat() async throws {
    try await Pair.with { pair in
      let (a, b) = (pair.a, pair.b)
      let text = try await cluster(b)
      #expect(text.status == .exited(0) && text.standardError.isEmpty)
      #expect(text.standardOutput.contains("2 nodes, 1 address: 1 held"))
      #expect(text.standardOutput.contains("node-b *"))
      let all = try json(try await cluster(b, "--output", "json"))
      #expect(all.keys == ["version", "node", "store", "nodes", "addresses", "warnings"])
      #expect(all["nodes"]?[0]?["session"] == .string(try await a.status().session))
      #expect(all["nodes"]?[1]?["self"] == .bool(true))
      #expect(all["addresses"]?[0]?["holder"] == .string("node-a"))
      #expect(all["warnings"] == .array([]) && all["store"]?["reachable"] == .bool(true))

      // One address, in whatever form it is written; and one that nobody has.
      let one = try await cluster(b, pairAddress)
      #expect(one.status == .exited(0) && one.standardOutput.contains("node-a"))
      #expect(!one.standardOutput.contains("SESSION"))
      let none = try await cluster(b, pairAddress, "2001:DB8:0::9")
      #expect(none.status == .exited(1))
      #expect(none.standardError == "announcer: nobody has 2001:db8::9\n")

      // The same as what the node does.
      _ = try await a.client.ask("handover", [pairAddress])
      try await b.waitFor("announcing")
      #expect(try holder(try await cluster(a, "--output", "json")) == .string("node-b"))

      // A look at the store from a process that died.
      b.process.signal(SIGKILL)
      try await a.waitFor("announcing")
      let rest = try json(try await cluster(a, "--output", "json"))
      #expect(rest["nodes"]?[0]?["name"] == .string("node-a") && rest["nodes"]?[1] == nil)
    }
  }

  @Test func wrongUsageIsSaid() async throws {
    let without = try await runCommand([Program.path, "status", pairAddress])
    #expect(without.status == .exited(2) && without.standardError.contains("--cluster"))
    let bad = try await runCommand([Program.path, "status", "--cluster", "10.80.8"])
    #expect(bad.status == .exited(2) && bad.standardError.contains("10.80.8"))
  }

  /// A dead node's claims while they wait for their end, then a store that is away.
  @Test func aDeadNodeAndAStoreThatIsAwayAreSaid() async throws {
    try await EtcdCluster.run { etcd in
      try await withLAN(["node-a", "node-b"]) { lan, scratch in
        func start(_ name: String, _ way: TCPProxy) async throws -> Node {
          try await Node.start(
            on: lan[name], in: scratch,
            Node.Settings(
              name: name,
              lease: "{backend: etcd, duration: 4s, etcd: {endpoints: [\"\(way.url)\"]}}"),
            label: name)
        }
        var ways: [TCPProxy] = []
        for (number, name) in ["node-a", "node-b"].enumerated() {
          try await lan[name].addAddress("10.80.0.\(number + 1)/16")
          let socket = try await lan[name].inNamespace {
            try BoundSocket(reachedAs: "10.80.0.\(number + 1)")
          }
          ways.append(try TCPProxy(to: etcd.members[0].plan.clientPort, on: socket))
        }
        defer { for way in ways { way.close() } }
        let a = try await start("node-a", ways[0])
        try await a.waitFor("announcing")
        let b = try await start("node-b", ways[1])
        try await b.waitFor("standby")
        let before = try json(try await cluster(b, "--output", "json"))
        #expect(before["nodes"]?[0]?["version"] == before["version"])
        #expect(before["nodes"]?[0]?["state"] == .string("live"))
        #expect(before["addresses"]?[0]?["interfaces"] == .array([.string("lan0")]))

        a.process.signal(SIGKILL)
        try await eventually(within: .seconds(10)) {
          let status = try json(try await cluster(b, "--output", "json"))
          return status["addresses"]?[0]?["state"] == .string("expiring")
            && status["addresses"]?[0]?["reason"]?.text?.hasPrefix("held by node-a's overdue")
              == true
        }
        try await b.waitFor("announcing")

        ways[1].set { $0.losesRequests = true }
        let away = try await cluster(b, "--output", "json")
        #expect(away.status == .exited(1))
        #expect(away.standardError.contains("the lease store did not answer"))
        let known = try json(away)
        #expect(known["store"]?["reachable"] == .bool(false))
        #expect(known["store"]?["ageMs"]?.number.map { $0 > 3000 && $0 < 30_000 } == true)
        #expect(known["addresses"]?[0]?["address"] == .string(pairAddress))
        let text = try await cluster(b)
        #expect(text.standardOutput.contains("what follows is what node-b last knew"))
        ways[1].set { $0.losesRequests = false }
        try await b.waitFor("announcing")
        #expect(try await cluster(b).status == .exited(0))
      }
    }
  }
}

extension JSONValue {
  fileprivate var text: String? { if case .string(let text) = self { text } else { nil } }
  fileprivate var number: Double? { if case .number(let number) = self { number } else { nil } }
}
