import LANTestKit
import Testing

/// `announcer probe`: who on the LAN has an address, without a daemon.
@Suite(.needsLAN, .timeLimit(.minutes(1)))
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

      let wrong = try await probe("--interface", "wlan9")
      #expect(wrong.status == .exited(1))
      #expect(wrong.standardError.contains("wlan9") && wrong.standardError.contains("lan0"))
    }
  }
}
