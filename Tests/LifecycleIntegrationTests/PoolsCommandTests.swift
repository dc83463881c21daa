import LANTestKit
import Testing

/// `announcer pools` on what a daemon says, or does not know to say.
@Suite(.timeLimit(.minutes(10)))
struct PoolsCommandTests {
  private static let pools = """
    {"version":"0.1.0","pools":{"version":"0.1.0","node":"node-b","state":"standby","holder":"node-a",\
    "pools":[{"name":"lan","ranges":["10.80.15.0/28"],"state":"active","total":"16","available":"15",\
    "used":"1","services":1},{"name":"spare","state":"disabled"}],\
    "services":{"responsible":1,"satisfied":1}}}
    """

  /// Asks a server that answers `answer`.
  private func ask(_ answer: String = pools, _ arguments: String...) async throws -> CommandResult {
    try await Scratch.with { scratch in
      let server = try FakeServer(path: scratch.path("s"), answer: answer + "\n")
      defer { withExtendedLifetime(server) {} }
      return try await runCommand(
        [Program.path, "pools", "--socket", scratch.path("s")] + arguments)
    }
  }

  @Test func textIsTheTable() async throws {
    let result = try await ask()
    #expect(result.status == .exited(0) && result.standardError.isEmpty)
    #expect(
      result.standardOutput == """
        node-a gives addresses, this node stands by

        POOL   RANGES         USED/TOTAL  SERVICES  STATE
        lan    10.80.15.0/28        1/16         1  active
        spare  -                       -         0  disabled

        1 Service: 1 has what it asks for

        """)
  }

  @Test func jsonIsADocumentOfWhatWasAskedFor() async throws {
    let all = try JSONValue(try await ask(Self.pools, "--output", "json").standardOutput)
    #expect(
      all.keys == [
        "version", "node", "state", "holder", "error", "pools", "services", "unsatisfied",
        "foreign",
        "warnings",
      ])
    #expect(all["error"] == .null && all["pools"]?[0]?["total"] == .string("16"))
    let one = try JSONValue(try await ask(Self.pools, "spare", "--output", "json").standardOutput)
    #expect(one["pools"]?[0]?["name"] == .string("spare") && one["pools"]?[1] == nil)
  }

  @Test func aPoolThatIsNotThereIsNamedWithThoseThatAre() async throws {
    for output in ["text", "json"] {
      let result = try await ask(Self.pools, "spair", "lan", "--output", output)
      #expect(result.status == .exited(1) && result.standardOutput.isEmpty)
      #expect(result.standardError == "announcer: there is no pool 'spair'; there are lan, spare\n")
    }
  }

  @Test func aDaemonThatKnowsNothingOfPoolsIsOneLine() async throws {
    let older = try await ask(
      #"{"version":"0.0.9","error":"this announcer (0.0.9) does not know 'pools'"}"#)
    #expect(older.status == .exited(1) && older.standardOutput.isEmpty)
    #expect(older.standardError.contains("does not know 'pools'"))
    #expect(older.standardError.split(separator: "\n").count == 1)
    let other = try await ask(#"{"version":"0.1.0","status":{"version":"0.1.0"}}"#)
    #expect(other.status == .exited(1))
    #expect(
      other.standardError
        == "announcer: the daemon (version 0.1.0) did not tell of its pools\n")
  }

  @Test func whereNobodyServesItSaysHowToStart() async throws {
    try await Scratch.with { scratch in
      let result = try await runCommand([Program.path, "pools", "--socket", scratch.path("s")])
      #expect(result.status == .exited(1) && result.standardOutput.isEmpty)
      #expect(result.standardError.contains("systemctl start announcer"))
    }
  }
}
