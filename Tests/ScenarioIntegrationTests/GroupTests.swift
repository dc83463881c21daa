import FoundationEssentials
import LANTestKit
import Testing
import Wire

extension Tag {
  /// Sees something expire that lasts minutes in life; its times are lowered here.
  @Tag static var expiry: Self
}

/// Solicited-node groups, as the kernel and snooping switches see them (wire.md S7, S8, S17).
@Suite(.needsLAN, .timeLimit(.minutes(10)))
struct GroupTests {
  /// The groups that this host's link has joined (`/proc/net/igmp6`).
  private func groups(of host: Host) async throws -> Set<IPv6Address> {
    let text = try await host.run("cat", "/proc/net/igmp6").standardOutput
    return Set(
      text.split(separator: "\n").compactMap { line in
        let words = line.split(separator: " ")
        guard words.count > 2, words[1] == host.link, let number = UInt128(words[2], radix: 16)
        else { return nil }
        return IPv6Address(rawValue: number)
      })
  }

  /// The group records of the MLDv2 reports of a station: group and type (RFC 3810 §5.2.5).
  private func reports(in frames: [CapturedFrame], from mac: MACAddress) -> [(IPv6Address, UInt8)] {
    frames.flatMap { frame -> [(IPv6Address, UInt8)] in
      let octets = frame.octets
      // IPv6, a hop-by-hop header of 8 octets (router alert), ICMPv6 type 143.
      guard frame.source == mac, frame.etherType == 0x86dd, octets.count > 70, octets[20] == 0,
        octets[62] == 143
      else { return [] }
      var records: [(IPv6Address, UInt8)] = []
      var place = 70
      while place + 20 <= octets.count {
        let sources = Int(octets[place + 2]) << 8 | Int(octets[place + 3])
        let group = octets[place + 4..<place + 20].reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
        records.append((IPv6Address(rawValue: group), octets[place]))
        place += 20 + 16 * sources + 4 * Int(octets[place + 1])
      }
      return records
    }
  }

  @Test("wire.md S7: groups are reported when joined, and left with their last address")
  func groupsAreReportedAndLeft() async throws {
    try await Scenario.with(hosts: ["node", "client"]) { scenario in
      let node = scenario["node"]
      let mac = try await node.hardwareAddress()
      let shared = solicitedNode(IPv6Address("2001:db8::10")!)
      let other = solicitedNode(IPv6Address("2001:db8::22")!)
      let joined: UInt8 = 4  // CHANGE_TO_EXCLUDE_MODE
      let left: UInt8 = 3  // CHANGE_TO_INCLUDE_MODE
      let capture = try await scenario["client"].capture("ip6")
      func reported(_ group: IPv6Address, _ type: UInt8) -> Bool {
        reports(in: capture.frames, from: mac).contains { $0 == (group, type) }
      }
      // Two addresses with equal low 24 bits.
      let daemon = try await scenario.start(
        on: "node", Settings("2001:db8::10", "2001:db8:0:1::10"))
      try await daemon.waitUntilAnnouncing()
      await eventually("joining is not reported") { reported(shared, joined) }
      #expect(try await groups(of: node).contains(shared))

      try await daemon.reload(Settings("2001:db8::10", "2001:db8::22"))
      try await daemon.waitUntilAnnouncing()
      await eventually("joining is not reported") { reported(other, joined) }
      #expect(try await groups(of: node).isSuperset(of: [shared, other]))
      #expect(!reported(shared, left), "left while an address needs it")

      try await daemon.reload(Settings("2001:db8::22"))
      try await daemon.waitUntilAnnouncing()
      await eventually("leaving is not reported") { reported(shared, left) }
      #expect(try await !groups(of: node).contains(shared))
      #expect(try await groups(of: node).contains(other))
      #expect(!reported(other, left))
      _ = try await capture.stop()
    }
  }

  @Test("wire.md S8: a snooping switch goes on delivering solicitations", .tags(.expiry))
  func aSnoopingSwitchGoesOnDelivering() async throws {
    try await Scenario.with(hosts: ["node", "client"], multicastSnooping: true) { scenario in
      let (node, client, bridge) = (scenario["node"], scenario["client"], scenario.lan.bridge)
      // A querier whose memberships expire after 4 s (in life 260 s); centiseconds.
      try await bridge.ip(
        "link", "set", "dev", "br0", "type", "bridge", "mcast_mld_version", "2",
        "mcast_query_interval", "150", "mcast_query_response_interval", "50",
        "mcast_membership_interval", "400", "mcast_querier_interval", "400",
        "mcast_startup_query_interval", "100", "mcast_startup_query_count", "2",
        "mcast_querier", "1")
      let mac = try await node.hardwareAddress()
      let daemon = try await scenario.start(on: "node", Settings("2001:db8::10"))
      try await daemon.waitUntilAnnouncing()
      // Not "icmp6": queries have a hop-by-hop header before it.
      let capture = try await node.capture("ip6")
      let queries = { capture.frames.filter { $0.octets.count > 62 && $0.octets[62] == 130 } }
      await eventually(within: .seconds(45), "\(queries().count) queries") {
        guard let first = queries().first, let last = queries().last else { return false }
        // More than three times what a membership lasts without a report.
        return last - first > .seconds(13)
      }
      let clientMAC = try await client.hardwareAddress()
      let asker = IPv6Address("2001:db8::1")!
      // Nobody reported this group: the switch keeps it to itself, or it does not snoop at all.
      let foreign = NeighbourFrame(
        whoHas: IPv6Address("2001:db8::99")!, tell: asker, at: clientMAC)
      let ours = NeighbourFrame(whoHas: IPv6Address("2001:db8::10")!, tell: asker, at: clientMAC)
      let answers = try await client.capture("icmp6")
      try await client.send([foreign.octets, ours.octets])
      let address = IPAddress("2001:db8::10")!
      await eventually { answers.frames.contains { $0.source == mac && $0.answers(for: address) } }
      let delivered = try await capture.stop()
      #expect(delivered.contains { $0.asks(for: address) })
      #expect(!delivered.contains { $0.asks(for: IPAddress("2001:db8::99")!) })
      _ = try await answers.stop()
    }
  }

  @Test("wire.md S17: 3,000 IPv6 addresses are all joined and all answered")
  func threeThousandAddresses() async throws {
    try await Scenario.with(hosts: ["node", "client"]) { scenario in
      let (node, client) = (scenario["node"], scenario["client"])
      let first = IPv6Address("2001:db8::1:0")!
      let addresses = (0..<3000).map { IPv6Address(rawValue: first.rawValue + UInt128($0)) }
      var settings = Settings("\(first)-\(addresses[2999])")
      // The rounds are another scenario's.
      settings.schedule = ["0ms"]
      let daemon = try await scenario.start(on: "node", settings)
      try await daemon.waitUntilAnnouncing(within: .seconds(60))
      let joined = try await groups(of: node)
      #expect(addresses.allSatisfy { joined.contains(solicitedNode($0)) })

      let mac = try await node.hardwareAddress()
      let clientMAC = try await client.hardwareAddress()
      let asker = IPv6Address("2001:db8::1")!
      let capture = try await client.capture("icmp6 and ip6[40] == 136")
      let traffic = try await Traffic.frames(
        addresses.map { NeighbourFrame(whoHas: $0, tell: asker, at: clientMAC).octets },
        from: client, every: .microseconds(500), limit: 3000)
      func answered() -> Set<IPv6Address> {
        Set(
          capture.frames.compactMap { frame in
            guard frame.source == mac, let message = frame.neighbourDiscovery,
              message.isSolicited, message.destination == asker
            else { return nil }
            return message.target
          })
      }
      await eventually(within: .seconds(30), "\(answered().count) answered") {
        traffic.sent == 3000 && answered().count == 3000
      }
      _ = try await capture.stop()
    }
  }
}
