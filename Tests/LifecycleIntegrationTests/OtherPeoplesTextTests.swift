import FoundationEssentials
import LANTestKit
import Testing

/// Other people's text on a terminal: names of interfaces, words of a command line, values of a file.
@Suite(.needsLAN, .timeLimit(.minutes(10)))
struct OtherPeoplesTextTests {
  /// Clears the screen in 7-bit and in 8-bit form, forges a line, reorders what follows.
  private static let evil = "\u{1b}[2J\u{9b}2J\n\u{202e}"

  private func expectClean(_ result: CommandResult, _ place: String) {
    let scalars = (result.standardOutput + result.standardError).unicodeScalars
    #expect(
      scalars.allSatisfy {
        $0 == "\n" || ![.control, .format].contains($0.properties.generalCategory)
      },
      "\(place): \(result.standardOutput)\(result.standardError)")
  }

  @Test func nothingCommandsTheTerminal() async throws {
    try await withLAN(["node"]) { lan, scratch in
      let host = lan["node"]
      // A name may have everything but blanks, slashes and colons.
      try await host.ip(
        "link", "add", "a\u{1b}[2J\u{9b}", "type", "veth", "peer", "name", "other")
      let configuration = scratch.path("a.yaml")
      try """
      interfaces: ["."]
      announcements: [{name: "x\\u202ey", addresses: [10.80.8.150]}]
      """.write(toFile: configuration, atomically: true, encoding: .utf8)
      for output in ["text", "json"] {
        let check = try await host.run(
          Program.path, "check", "--config", configuration, "--output", output)
        #expect(check.status == .exited(0), "\(check.standardError)")
        #expect(check.standardOutput.contains(output == "text" ? #"a\u{1b}[2J"# : #"a\u001b[2J"#))
        expectClean(check, "check \(output)")
      }
      let faulty = scratch.path("b.yaml")
      try "node: \"\\e[2J\\u202e\"\nannouncements: []\n".write(
        toFile: faulty, atomically: true, encoding: .utf8)
      for arguments in [
        ["check", "--config", faulty], ["run", "--config", faulty], ["run", "--config", Self.evil],
        ["explain", Self.evil], [Self.evil], ["status", "--socket", Self.evil],
        ["status", "--\(Self.evil)"], ["probe", Self.evil], ["handover", Self.evil],
      ] {
        let result = try await host.run([Program.path] + arguments)
        #expect(result.status != .exited(0))
        #expect(!result.standardError.isEmpty)
        expectClean(result, "\(arguments)")
      }
    }
  }
}
