import LANTestKit
import Testing

/// `announcer probe`: who on the LAN has an address, without a daemon.
@Suite(.needsLAN, .timeLimit(.minutes(10)))
struct ProbeCommandTests {
  @Test(arguments: [("10.80.8.150", "/16"), ("2001:db8::10", "/64")])
  func oneNobodySeveral(address: String, prefix: String) async throws {
    try await withLAN(["a", "b", "client"]) { lan, scratch in
      func probe(_ arguments: String...) async throws -> CommandResult {
        try await lan["client"].run(
          [Program.path, "probe", address, "--count", "1"] + arguments)
      }
      let none = try await probe()
      #expect(none.status == .exited(3))
      #expect(none.standardOutput.contains("nobody answers"))
      #expect(none.standardError.isEmpty)

      let node = try await Node.start(
        on: lan["a"], in: scratch, Node.Settings(addresses: [address]))
      try await node.waitFor("announcing", address)
      let macA = try await lan["a"].hardwareAddress()
      let one = try await probe()
      #expect(one.status == .exited(0), "\(one.standardOutput)\(one.standardError)")
      #expect(one.standardOutput.contains("\(address) is at \(macA) on lan0"))

      try await lan["b"].addAddress(address + prefix)
      let macB = try await lan["b"].hardwareAddress()
      let both = try await probe("--interface", "lan0", "--output", "json")
      #expect(both.status == .exited(4), "\(both.standardOutput)\(both.standardError)")
      let json = try JSONValue(both.standardOutput)
      let stations = [json["stations"]?[0], json["stations"]?[1]].map { $0?["hardwareAddress"] }
      #expect(Set(stations) == [.string("\(macA)"), .string("\(macB)")])
      let text = try await probe()
      #expect(text.status == .exited(4) && text.standardOutput.contains("2 STATIONS ANSWER"))
      #expect(!text.standardOutput.contains("\u{1b}"))

      // On a terminal two of them cannot be overlooked, unless somebody wants no colours.
      for (isPlain, banner) in [
        ("", "\u{1b}[1;31m\(address): 2 STATIONS ANSWER\u{1b}[0m"),
        ("1", "\(address): 2 STATIONS ANSWER"),
      ] {
        let terminal = try PseudoTerminal(width: 80, height: 24)
        let loud = try terminal.run(
          ["env", "NO_COLOR=\(isPlain)", Program.path, "probe", address, "--count", "1"],
          on: lan["client"])
        #expect(try await loud.wait() == .exited(4))
        await eventually("\(terminal.output)") { terminal.output.contains(banner) }
        #expect(terminal.output.contains("\u{1b}") == isPlain.isEmpty)
        for mac in [macA, macB] { #expect(terminal.output.contains("\(mac)")) }
      }

      // A host does not hear its own question.
      let own = try await lan["b"].run(Program.path, "probe", address, "--count", "1")
      #expect(own.standardOutput.contains("\(macB) on lan0 (this node has it itself)"))
      #expect(own.status == .exited(4), "\(own.standardOutput)")

      let wrong = try await probe("--interface", "wlan9")
      #expect(wrong.status == .exited(1))
      #expect(wrong.standardError.contains("wlan9") && wrong.standardError.contains("lan0"))
    }
  }

  @Test(arguments: ["0.0.0.0", "127.0.0.1", "224.0.0.1", "::ffff:10.80.8.1", "ff02::1"])
  func whatNoStationCanHaveIsNotAskedFor(address: String) async throws {
    try await withLAN(["client"]) { lan, _ in
      let result = try await lan["client"].run(Program.path, "probe", address)
      #expect(result.status == .exited(2))
      #expect(result.standardError.contains("'\(address)' cannot be asked for: "))
    }
  }
}
