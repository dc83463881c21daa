import FoundationEssentials
import LANTestKit
import Testing

/// The command line without a daemon: exit codes, and one line that says what is the matter.
@Suite(.timeLimit(.minutes(10)))
struct CommandTests {
  @discardableResult
  private func announcer(_ arguments: String...) async throws -> CommandResult {
    try await runCommand([Program.path] + arguments)
  }

  /// Ended with `code`, said one line on standard error that has all of `words`, and nothing else.
  private func expect(
    _ result: CommandResult, code: Int32, _ words: String...,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(result.status == .exited(code), sourceLocation: sourceLocation)
    #expect(result.standardOutput.isEmpty, sourceLocation: sourceLocation)
    let lines = result.standardError.split(separator: "\n")
    #expect(lines.count == 1, "\(result.standardError)", sourceLocation: sourceLocation)
    for word in words {
      #expect(result.standardError.contains(word), sourceLocation: sourceLocation)
    }
  }

  /// A command whose output cannot be written fails, in text and in JSON.
  @Test(arguments: ["version", "check --config FILE", "check --config FILE --output json"])
  func outputThatCannotBeWritten(command: String) async throws {
    try await Scratch.with { scratch in
      let file = scratch.path("a.yaml")
      try "announcements: []\n".write(toFile: file, atomically: true, encoding: .utf8)
      let words = command.replacing("FILE", with: file)
      expect(
        try await runCommand(["sh", "-c", "\(Program.path) \(words) >/dev/full"]), code: 1,
        "standard output", "ENOSPC")
    }
  }

  @Test func statusOfNobody() async throws {
    try await Scratch.with { scratch in
      let socket = scratch.path("s")
      for command in ["status", "drain", "undrain"] {
        expect(
          try await announcer(command, "--socket", socket), code: 1, "no announcer is running here",
          socket, "systemctl start announcer")
      }
      expect(
        try await announcer("status", "--socket", socket, "--output", "json"), code: 1, socket)
      expect(try await announcer("explain", "10.80.8.150", "--socket", socket), code: 1, socket)
      expect(try await announcer("handover", "10.80.8.150", "--socket", socket), code: 1, socket)
    }
  }

  @Test func statusOfASocketFileLeftBehind() async throws {
    try await Scratch.with { scratch in
      try FakeServer.leaveStale(at: scratch.path("s"))
      expect(
        try await announcer("status", "--socket", scratch.path("s")), code: 1,
        "no announcer is running here", "nothing listens", "systemctl start announcer")
      try "text".write(toFile: scratch.path("f"), atomically: false, encoding: .utf8)
      expect(
        try await announcer("status", "--socket", scratch.path("f")), code: 1, "is not a socket")
    }
  }

  @Test(arguments: [
    "HTTP/1.1 400 Bad Request\r\n\r\n<html>\n", "\u{0}\u{1}\u{1b}[31m\n", "[]\n", "7\n",
  ])
  func statusOfAnotherProgram(answer: String) async throws {
    try await Scratch.with { scratch in
      let server = try FakeServer(path: scratch.path("s"), answer: answer)
      let result = try await announcer("status", "--socket", scratch.path("s"))
      expect(result, code: 1, "does not speak as an announcer", scratch.path("s"))
      #expect(!result.standardError.contains("\u{1b}"))
      withExtendedLifetime(server) {}
    }
  }

  @Test func statusOfAConnectionThatEnds() async throws {
    try await Scratch.with { scratch in
      let server = try FakeServer(path: scratch.path("s"), answer: "")
      expect(
        try await announcer("status", "--socket", scratch.path("s")), code: 1, "without an answer")
      withExtendedLifetime(server) {}
      let half = try FakeServer(path: scratch.path("h"), answer: "{\"version\":\"0.1.0\",")
      expect(
        try await announcer("status", "--socket", scratch.path("h")), code: 1,
        "in the middle of its answer")
      withExtendedLifetime(half) {}
    }
  }

  /// A newer daemon, whose status has more fields than we know and lacks some of ours.
  @Test func statusOfAnotherVersion() async throws {
    try await Scratch.with { scratch in
      let answer = """
        {"version":"9.9.9","status":{"version":"9.9.9","node":"node-z","future":{"a":[1]},\
        "addresses":[{"address":"10.80.8.150","state":"meditating"}]}}
        """
      let server = try FakeServer(path: scratch.path("s"), answer: answer + "\n")
      let result = try await announcer("status", "--socket", scratch.path("s"))
      withExtendedLifetime(server) {}
      #expect(result.status == .exited(0))
      #expect(result.standardOutput.contains("node-z"))
      #expect(result.standardOutput.contains("meditating"))
      #expect(result.standardError.contains("version 9.9.9"))
      let refusing = try FakeServer(
        path: scratch.path("r"), answer: "{\"version\":\"9.9.9\",\"error\":\"no more 'status'\"}\n")
      expect(
        try await announcer("status", "--socket", scratch.path("r")), code: 1, "no more 'status'",
        "9.9.9")
      withExtendedLifetime(refusing) {}
    }
  }

  /// What became of a hand-over: a line and 0, or a line on standard error and 1.
  @Test func handoverOfADaemon() async throws {
    try await Scratch.with { scratch in
      func ask(_ handover: String, _ arguments: String...) async throws -> CommandResult {
        let path = scratch.path("s\(UInt32.random(in: 0 ... .max))")
        let answer = "{\"version\":\"0.1.0\",\"handover\":\(handover)}\n"
        let server = try FakeServer(path: path, answer: answer)
        defer { withExtendedLifetime(server) {} }
        return try await runCommand(
          [Program.path, "handover", "10.80.8.150", "--socket", path] + arguments)
      }
      let done = #"{"address":"10.80.8.150","from":"node-a","to":"node-b","tookMs":12.04}"#
      let text = try await ask(done, "--to", "node-b")
      #expect(text.status == .exited(0) && text.standardError.isEmpty)
      #expect(text.standardOutput == "10.80.8.150 handed over to node-b in 12 ms\n")
      let json = try JSONValue(try await ask(done, "--output", "json").standardOutput)
      #expect(json.keys == ["address", "from", "to", "tookMs", "error"])
      #expect(json["tookMs"] == .number(12.04) && json["error"] == .null)

      let not = #"{"address":"10.80.8.150","from":"node-a","error":"no node may take it"}"#
      let refused = try await ask(not)
      expect(refused, code: 1, "announcer: 10.80.8.150: no node may take it\n")
      let both = try await ask(not, "--output", "json")
      #expect(both.status == .exited(1))
      #expect(try JSONValue(both.standardOutput)["error"] == .string("no node may take it"))
      #expect(both.standardError == "announcer: 10.80.8.150: no node may take it\n")
    }
  }

  @Test func everyCommandHasItsCompletions() async throws {
    for shell in ["bash", "zsh", "fish"] {
      let result = try await announcer("--generate-completion-script", shell)
      #expect(result.status == .exited(0))
      for command in [
        "run", "check", "status", "explain", "pools", "probe", "drain", "undrain", "handover",
      ] {
        #expect(result.standardOutput.contains(command), "\(command) in \(shell)")
      }
    }
  }

  @Test func wrongUsageIsCodeTwo() async throws {
    expect(try await announcer("levitate"), code: 2, "levitate")
    expect(try await announcer("status", "--output", "xml"), code: 2, "xml")
    expect(try await announcer("explain", "10.80.8"), code: 2, "10.80.8")
    expect(try await announcer("explain"), code: 2, "address")
    expect(try await announcer("handover", "10.80.8"), code: 2, "10.80.8")
    expect(try await announcer("handover", "::1", "--to", "no de"), code: 2, "no de")
    expect(try await announcer("probe", "10.80.8.150", "--count", "0"), code: 2, "1 to 100")
    expect(try await announcer("run", "--frobnicate"), code: 2, "--frobnicate")
  }

  @Test func version() async throws {
    let result = try await announcer("version")
    #expect(result.status == .exited(0))
    #expect(result.standardOutput.wholeMatch(of: /announcer [0-9]+\.[0-9]+\.[0-9]+\n/) != nil)
    #expect(result.standardError.isEmpty)
  }

  @Test(arguments: ["run", "check"])
  func aBadConfigurationNamesPlaceKeyAndRemedy(command: String) async throws {
    try await Scratch.with { scratch in
      let file = scratch.path("c.yaml")
      let text = """
        node: node-a
        interface: [lan0]
        announcements:
          - adresses: [10.80.8.150]
          - addresses: [10.80.8.300]
        lease: {backend: lokal}
        """
      try text.write(toFile: file, atomically: false, encoding: .utf8)
      let result = try await announcer(command, "--config", file)
      #expect(result.status == .exited(2))
      #expect(result.standardOutput.isEmpty)
      let lines = result.standardError.split(separator: "\n").map(String.init)
      #expect(
        lines.contains(
          "announcer: \(file):2:1: interface: unknown key; did you mean `interfaces`?"))
      #expect(
        lines.contains(
          "announcer: \(file):4:5: announcements[0].adresses: unknown key; did you mean `addresses`?"
        ),
        "\(lines)")
      #expect(
        lines.contains {
          $0.hasPrefix("announcer: \(file):5:17: announcements[1].addresses[0]: '10.80.8.300' is ")
            && $0.contains("write 10.80.8.150")
        }, "\(lines)")
      #expect(
        lines.contains { $0.contains("\(file):6:18: lease.backend") && $0.contains("local") },
        "\(lines)")
    }
  }

  @Test func aConfigurationThatIsNotThere() async throws {
    expect(
      try await announcer("run", "--config", "/nonexistent/a.yaml"), code: 2, "/nonexistent/a.yaml",
      "there is no such file", "--config")
  }
}
