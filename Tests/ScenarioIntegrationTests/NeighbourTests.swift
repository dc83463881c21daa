import LANTestKit
import Testing
import Wire

extension Scenarios {
  /// What a Linux neighbour makes of the answers while nothing moves (wire.md S4, S5).
  @Suite(.needsLAN, .timeLimit(.minutes(10)))
  struct NeighbourTests {
    private static let addresses = [IPAddress("10.80.8.150")!, IPAddress("2001:db8::10")!]

    @Test("wire.md S4: an idle client's poll is answered, and asks nobody else")
    func anIdleClientsPollIsAnswered() async throws {
      try await Scenario.with(hosts: ["node", "client"]) { scenario in
        let client = scenario["client"]
        try await client.addAddress("10.80.0.1/16")
        try await client.addAddress("2001:db8::1/64")
        // Polled 1 s after the use of an old entry; in life 5 s.
        try await client.sysctl([
          "net.ipv4.neigh.lan0.delay_first_probe_time": "1",
          "net.ipv6.neigh.lan0.delay_first_probe_time": "1",
        ])
        let daemon = try await scenario.start(on: "node", Settings("10.80.8.150", "2001:db8::10"))
        try await daemon.waitUntilAnnouncing()
        let mac = try await scenario["node"].hardwareAddress()
        func waitForState(_ state: String) async throws {
          var entries: [Neighbour] = []
          try await eventually(within: .seconds(20), "not \(state): \(entries)") {
            entries = try await client.neighbours()
            return Self.addresses.allSatisfy { address in
              entries.contains {
                $0.address == "\(address)" && $0.hardwareAddress == mac && $0.state == [state]
              }
            }
          }
        }
        for address in Self.addresses { try await client.sendDatagram(to: "\(address)") }
        try await waitForState("REACHABLE")
        // As a minute without use leaves it.
        for address in Self.addresses {
          try await client.ip(
            "neighbour", "replace", "\(address)", "lladdr", "\(mac)", "dev", "lan0", "nud", "stale")
        }
        try await waitForState("STALE")

        let capture = try await client.capture()
        for address in Self.addresses { try await client.sendDatagram(to: "\(address)") }
        try await waitForState("REACHABLE")
        let frames = try await capture.stop()
        for address in Self.addresses {
          let polls = frames.filter { $0.asks(for: address) }
          #expect(!polls.isEmpty && polls.allSatisfy { $0.destination == mac }, "\(address)")
          let answer = try #require(frames.first { $0.source == mac && $0.answers(for: address) })
          if let message = answer.neighbourDiscovery {
            #expect(message.isSolicited && message.overrides && !message.isRouter)
            #expect(message.source == message.target && message.hopLimit == 255)
          }
        }
      }
    }

    @Test("wire.md S5: another host's duplicate address detection fails, arping sees a duplicate")
    func anotherHostFindsTheAddressTaken() async throws {
      try await Scenario.with(hosts: ["node", "other", "client"]) { scenario in
        let (client, other) = (scenario["client"], scenario["other"])
        try await client.addAddress("10.80.0.1/16")
        try await other.sysctl([
          "net.ipv6.conf.lan0.accept_dad": "1", "net.ipv6.conf.lan0.dad_transmits": "1",
        ])
        // One round only: any advertisement would end the detection, an answer shall.
        var settings = Settings("10.80.8.150", "2001:db8::10")
        settings.schedule = ["0ms"]
        let daemon = try await scenario.start(on: "node", settings)
        try await daemon.waitUntilAnnouncing()
        let mac = try await scenario["node"].hardwareAddress()

        let capture = try await other.capture()
        try await other.addAddress("2001:db8::10/64")
        try await eventually(within: .seconds(20), "its detection does not fail") {
          try await other.ip("-6", "address", "show", "dev", "lan0").contains("dadfailed")
        }
        let frames = try await capture.stop()
        let address = IPAddress("2001:db8::10")!
        let probe = try #require(
          frames.first { $0.asks(for: address) && $0.neighbourDiscovery?.source == .any })
        let defence = try #require(
          frames.first {
            $0.source == mac && $0.asserts(address) && $0.wallClock >= probe.wallClock
          })
        #expect(defence - probe <= .milliseconds(100))
        let message = try #require(defence.neighbourDiscovery)
        #expect(message.destination == IPv6Address("ff02::1") && !message.isSolicited)
        #expect(message.overrides && message.linkLayerOption == mac)

        // RFC 5227's probe, from 0.0.0.0, is answered too.
        let probed = try await client.run(
          "arping", "-q", "-0", "-c", "1", "-w", "5", "-i", "lan0", "10.80.8.150")
        #expect(probed.succeeded)

        let alone = try await client.run(
          "arping", "-d", "-c", "2", "-i", "lan0", "10.80.8.150")
        #expect(alone.succeeded)
        try await other.addAddress("10.80.8.150/16")
        let duplicate = try await client.run(
          "arping", "-d", "-c", "2", "-i", "lan0", "10.80.8.150")
        #expect(duplicate.status == .exited(1), "\(duplicate.standardOutput)")
        #expect(duplicate.standardOutput.contains("\(mac)"))
      }
    }
  }
}
