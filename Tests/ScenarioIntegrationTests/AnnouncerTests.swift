import LANTestKit
import Testing

extension Scenarios {
  /// What all scenarios stand on: the daemon comes up, answers, and follows its configuration.
  @Suite(.needsLAN, .timeLimit(.minutes(10)))
  struct AnnouncerTests {
    @Test func comesUpAnswersAndFollowsItsConfiguration() async throws {
      try await Scenario.with(hosts: ["node", "client"]) { scenario in
        let client = scenario["client"]
        try await client.addAddress("10.80.0.1/16")
        let daemon = try await scenario.start(on: "node", Settings("10.80.8.150"))
        try await daemon.waitUntilAnnouncing()
        let arping = ["arping", "-q", "-c", "1", "-w", "5", "-i", "lan0"]
        #expect(try await client.run(arping + ["10.80.8.150"]).succeeded)

        try await daemon.reload(Settings("10.80.8.151"))
        try await daemon.waitUntilAnnouncing()
        #expect(try await client.run(arping + ["10.80.8.151"]).succeeded)

        daemon.process.signal(15)
        #expect(try await daemon.process.wait() == .exited(0), "\(daemon.log)")
      }
    }
  }
}
