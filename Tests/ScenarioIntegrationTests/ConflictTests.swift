import Control
import LANTestKit
import Testing
import Wire

/// Other stations that use our addresses, and our own frames that come back (wire.md S13, S14).
@Suite(.needsLAN, .timeLimit(.minutes(10)))
struct ConflictTests {
  @Test("wire.md S13: a foreign host that announces for 30 s is answered with a defence every 10 s")
  func aForeignHostIsDefendedAgainst() async throws {
    try await Scenario.with(hosts: ["node", "other", "client"]) { scenario in
      let (client, other) = (scenario["client"], scenario["other"])
      try await client.addAddress("10.80.0.1/16")
      try await client.addAddress("2001:db8::1/64")
      // One round and no refresh: what is announced later is defence.
      var settings = Settings("10.80.8.150", "2001:db8::10")
      settings.schedule = ["0ms"]
      settings.refresh = "0s"
      // The lower one: a machine that begins in the same moment would keep the address otherwise (wire.md §7.7).
      let node = scenario["node"]
      try await node.ip("link", "set", "dev", "lan0", "address", "02:00:00:00:08:00")
      try await other.ip("link", "set", "dev", "lan0", "address", "02:00:00:00:08:01")
      let daemon = try await scenario.start(on: "node", settings)
      try await daemon.waitUntilAnnouncing()
      let mac = try await node.hardwareAddress()
      let foreign = try await other.hardwareAddress()
      let (address, address6) = (IPAddress("10.80.8.150")!, IPAddress("2001:db8::10")!)

      let capture = try await client.capture()
      var gratuitous = ARPFrame(
        whoHas: IPv4Address("10.80.8.150")!, tell: IPv4Address("10.80.8.150")!, at: foreign)
      gratuitous.targetHardware = foreign
      gratuitous.operation = 2
      let advertisement = NeighbourFrame(advertising: IPv6Address("2001:db8::10")!, at: foreign)
      let claims = try await Traffic.frames(
        [gratuitous.octets], from: other, every: .seconds(1), limit: 30)
      _ = try await Traffic.frames(
        [advertisement.octets], from: other, every: .seconds(1), limit: 30)
      let questions = try await Traffic.frames(
        [
          ARPFrame(
            whoHas: IPv4Address("10.80.8.150")!, tell: IPv4Address("10.80.0.1")!,
            at: try await client.hardwareAddress()
          ).octets
        ], from: client, every: .milliseconds(100))
      // The wait is the scenario: a second each.
      await eventually(within: .seconds(45)) { claims.sent == 30 }
      questions.stop()
      try await daemon.wait("has not counted 30 of each") {
        $0.addresses.map { $0.conflict?.count } == [30, 30]
      }
      for status in try await daemon.status().addresses {
        #expect(status.conflict?.hardwareAddress == "\(foreign)")
        #expect(status.state == .announcing)
      }
      #expect(daemon.log.contains("conflict") && daemon.log.contains("\(foreign)"))
      // What found no processor for 100 ms on a busy machine is dropped as stale, by design.
      var stale = 0
      func answered() -> Int {
        capture.frames.filter { $0.source == mac && $0.answers(for: address) }.count
      }
      try await eventually("\(answered()) answers, \(stale) stale of \(questions.sent)") {
        stale = Int(try await daemon.status().ignored["stale", default: 0])
        return answered() + stale == questions.sent
      }
      #expect(stale * 10 <= questions.sent)
      let frames = try await capture.stop()
      for address in [address, address6] {
        let claims = frames.filter { $0.source == foreign && $0.asserts(address) }
        let defences = frames.filter { $0.source == mac && $0.announces(address) }
        #expect(claims.count == 30)
        // At 0, 10 and 20 s, one frame each; a machine that was late once gets no fourth.
        #expect(defences.count == 3, "\(address)")
        // RFC 5227 §2.4 (b): one single announcement, which is a request (§1.2.1).
        #expect(defences.allSatisfy { $0.arp.map { $0.operation == 1 } ?? true })
        let first = try #require(defences.first)
        #expect(first - claims[0] < .milliseconds(500), "defended at once")
        for (earlier, later) in zip(defences, defences.dropFirst()) {
          #expect(later - earlier >= .milliseconds(9_900))
        }
      }
    }
  }

  @Test("many hardware addresses claim one address: one defence, and new addresses come first")
  func madeUpClaimantsAreDefendedAgainstOnce() async throws {
    try await Scenario.with(hosts: ["node", "other", "client"]) { scenario in
      var settings = Settings("10.80.8.150", "2001:db8::10")
      settings.schedule = ["0ms"]
      settings.refresh = "0s"
      let daemon = try await scenario.start(on: "node", settings)
      try await daemon.waitUntilAnnouncing()
      let mac = try await scenario["node"].hardwareAddress()
      let capture = try await scenario["client"].capture()
      let frames = (0..<1500 as Range<UInt64>).flatMap { number -> [[UInt8]] in
        let station = MACAddress(rawValue: 0x0200_0001_0000 + number)
        return [
          ARPFrame(
            whoHas: IPv4Address("10.80.8.150")!, tell: IPv4Address("10.80.8.150")!, at: station
          ).octets,
          NeighbourFrame(advertising: IPv6Address("2001:db8::10")!, at: station).octets,
        ]
      }
      let storm = try await Traffic.frames(
        frames, from: scenario["other"], every: .microseconds(500), limit: frames.count)
      await eventually { storm.sent > 100 }
      settings.addresses.append("10.80.8.151")
      try await daemon.reload(settings)
      let added = IPAddress("10.80.8.151")!
      await eventually { capture.frames.contains { $0.source == mac && $0.announces(added) } }
      await eventually(within: .seconds(30)) { storm.sent == frames.count }
      let sent = try await capture.stop().filter { $0.source == mac }
      for text in ["10.80.8.150", "2001:db8::10"] {
        let defences = sent.filter { $0.announces(IPAddress(text)!) }
        #expect((1...2).contains(defences.count), "\(text): \(defences.count) defences")
      }
      // Each claimant is no line of its own.
      let lines = daemon.log.split(separator: "\n").count { $0.contains("conflict:") }
      #expect((1...20).contains(lines), "\(lines) lines")
      #expect(try await daemon.status(of: "10.80.8.150").conflict != nil)
    }
  }

  @Test("wire.md S14: own frames that a hairpin port reflects are neither answered nor a conflict")
  func reflectedFramesAreOurOwn() async throws {
    try await Scenario.with(hosts: ["node", "client"]) { scenario in
      let node = scenario["node"]
      let port = scenario.lan.port(of: node)
      try await scenario.lan.bridge.ip(
        "link", "set", "dev", port, "type", "bridge_slave", "hairpin", "on")
      let inside = try await node.capture()
      let outside = try await scenario["client"].capture()
      var settings = Settings("10.80.8.150", "2001:db8::10")
      settings.schedule = ["0ms", "100ms", "200ms"]
      settings.refresh = "0s"
      let daemon = try await scenario.start(on: "node", settings)
      let mac = try await node.hardwareAddress()
      let addresses = [IPAddress("10.80.8.150")!, IPAddress("2001:db8::10")!]
      func asserted(_ frames: [CapturedFrame]) -> Int {
        frames.filter { frame in addresses.contains { frame.asserts($0) } }.count
      }
      // Three rounds of two frames and one; inside, each goes out and comes back.
      await eventually(within: .seconds(20)) {
        asserted(outside.frames) >= 9 && asserted(inside.frames) >= 18
      }
      // A question of our own, as the kernel or a second program here would ask it.
      var question = ARPFrame(
        whoHas: IPv4Address("10.80.8.150")!, tell: IPv4Address("10.80.0.9")!, at: mac)
      try await node.send(question.octets)
      try await daemon.wait("does not count its own frames") {
        $0.ignored["own-frame", default: 0] >= 4
      }
      // A fence: what would have been answered before it has been.
      question = ARPFrame(
        whoHas: IPv4Address("10.80.8.150")!, tell: IPv4Address("10.80.0.1")!,
        at: try await scenario["client"].hardwareAddress())
      try await scenario["client"].send(question.octets)
      await eventually { outside.frames.contains { $0.answers(for: addresses[0]) } }
      let frames = try await outside.stop()
      #expect(frames.filter { $0.answers(for: addresses[0]) }.count == 1)
      #expect(asserted(frames) == 10)
      for status in try await daemon.status().addresses {
        #expect(status.conflict == nil && status.state == .announcing)
      }
      _ = try await inside.stop()
    }
  }
}
