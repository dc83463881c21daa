import Control
import FoundationEssentials
import LANTestKit
import Testing
import Wire

extension Scenarios {
  /// Not one frame from a node that has lost an address (wire.md S6).
  @Suite(.needsLAN, .timeLimit(.minutes(10)))
  struct SilenceTests {
    private static let addresses = [IPAddress("10.80.8.150")!, IPAddress("2001:db8::10")!]
    private static let settings = Settings("10.80.8.150", "2001:db8::10")

    private func questions(from client: Host) async throws -> [[UInt8]] {
      let mac = try await client.hardwareAddress()
      return [
        ARPFrame(whoHas: IPv4Address("10.80.8.150")!, tell: IPv4Address("10.80.0.1")!, at: mac)
          .octets,
        NeighbourFrame(
          whoHas: IPv6Address("2001:db8::10")!, tell: IPv6Address("2001:db8::1")!, at: mac
        ).octets,
      ]
    }

    @Test("wire.md S6: the holder that hands over is silent before the next one speaks")
    func theHolderIsSilentBeforeTheNextOneSpeaks() async throws {
      try await Scenario.with(hosts: ["node-a", "node-b", "client"]) { scenario in
        let client = scenario["client"]
        let old = try await scenario["node-a"].hardwareAddress()
        let new = try await scenario["node-b"].hardwareAddress()
        let holder = try await scenario.start(on: "node-a", Self.settings)
        try await holder.waitUntilAnnouncing()
        let successor = try await scenario.start(on: "node-b", Self.settings)

        let capture = try await client.capture()
        let traffic = try await Traffic.frames(
          try await questions(from: client), from: client, every: .microseconds(500))
        func answered(by mac: MACAddress) -> Bool {
          Self.addresses.allSatisfy { address in
            capture.frames.contains { $0.source == mac && $0.answers(for: address) }
          }
        }
        await eventually(within: .seconds(20)) { answered(by: old) }
        try await holder.drain()
        let drained = try #require(capture.frames.last)
        try await successor.waitUntilAnnouncing()
        await eventually(within: .seconds(20)) { answered(by: new) }
        traffic.stop()
        let frames = try await capture.stop()
        for address in Self.addresses {
          let last = try #require(frames.last { $0.source == old && $0.asserts(address) })
          let first = try #require(frames.first { $0.source == new && $0.asserts(address) })
          #expect(last.wallClock < first.wallClock)
          #expect(last.wallClock <= drained.wallClock)
        }
      }
    }

    @Test(
      "wire.md S6: a frozen holder that lost its claims says nothing about what waited when it thaws"
    )
    func aFrozenHolderThatLostItsClaimsSaysNothing() async throws {
      try await Scenario.with(hosts: ["node-a", "node-b", "client"]) { scenario in
        let client = scenario["client"]
        let old = try await scenario["node-a"].hardwareAddress()
        let successor = try scenario.launch(on: "node-b", Settings("10.80.8.151"))
        var settings = Self.settings
        settings.schedule = ["0ms"]
        let holder = try await scenario.start(on: "node-a", settings)
        try await holder.waitUntilAnnouncing()
        try await successor.waitUntilReady()
        try await successor.reload(settings)

        let capture = try await client.capture()
        holder.process.freeze()
        let frozen = ContinuousClock.now
        let questions = try await questions(from: client)
        try await client.send((0..<20).flatMap { _ in questions })
        await eventually("\(capture.frames.count) frames") {
          capture.frames.filter { $0.asks(for: Self.addresses[0]) }.count == 20
        }
        for address in Self.addresses {
          try FileManager.default.removeItem(atPath: scenario.claimFile("\(address)"))
        }
        try await successor.waitUntilAnnouncing()
        // The questions are older than 100 ms by now, in any case.
        await eventually { ContinuousClock.now - frozen > .milliseconds(300) }
        holder.process.thaw()
        try await holder.wait("does not notice its loss") {
          $0.addresses.allSatisfy { $0.state == .standby && $0.holder == "node-b" }
        }
        // Which reason it was depends on what the holder learnt first: how old they are, or its loss.
        let ignored = try await holder.status().ignored
        #expect(ignored.values.reduce(0, +) >= 40, "\(ignored)")
        let frames = try await capture.stop()
        let first = try #require(
          frames.first { $0.source != old && $0.asserts(Self.addresses[0]) })
        let late = frames.filter { frame in
          frame.source == old && frame.wallClock > first.wallClock
            && Self.addresses.contains { frame.asserts($0) }
        }
        #expect(late.isEmpty, "\(late.count) frames after the loss")
      }
    }
  }
}
