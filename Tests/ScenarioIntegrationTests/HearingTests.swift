import Control
import LANTestKit
import Testing
import Wire

extension Scenarios {
  /// Held means heard: where an address is announced on a link, questions from the other end are answered there,
  /// in each form in which neighbours ask. A link whose questions never reach a socket is skipped, with the reason.
  ///
  /// One test for each kind of link; a kind that this kernel cannot make is a test that is skipped visibly.
  @Suite(.needsLAN, .timeLimit(.minutes(10)))
  struct HearingTests {
    private static let address = "10.80.8.150"
    private static let address6 = "2001:db8::10"

    /// What is to become of a link that a pattern names exactly.
    private struct Row {
      let link: String
      /// Words of the reason why it is skipped; nil where it is used.
      var skipped: String?
      /// The client's link to ask from.
      var askedFrom = "lan0"
    }

    /// Makes links with `script` on the node, then has the daemon use one after the other.
    ///
    /// - Parameters:
    ///   - script: commands for sh(1); `$client` is the client's hardware address.
    ///   - clientScript: commands for the client.
    private func expect(_ rows: [Row], after script: String = "", client clientScript: String = "")
      async throws
    {
      try await Scenario.with(hosts: ["node", "client"]) { scenario in
        let (node, client) = (scenario["node"], scenario["client"])
        try await client.addAddress("10.80.0.1/16")
        try await node.addAddress("10.80.0.2/16")
        let mac = try await client.hardwareAddress()
        for (host, script) in [(node, script), (client, clientScript)] {
          let result = try await host.run("sh", "-e", "-c", "client=\(mac)\n\(script)")
          #expect(result.succeeded, "\(script): \(result.standardError)")
        }
        var settings = Settings(Self.address, Self.address6)
        settings.schedule = ["0ms"]
        settings.refresh = "0s"
        settings.interfaces = ["^\(rows[0].link)$"]
        let daemon = try await scenario.start(on: "node", settings)
        for row in rows {
          settings.interfaces = ["^\(row.link)$"]
          try await daemon.reload(settings)
          try await daemon.wait("does not decide about \(row.link)") { status in
            let link = status.interfaces.first { $0.name == row.link }
            guard let link, link.state != .down else { return false }
            return status.addresses.allSatisfy { [.announcing, .blocked].contains($0.state) }
          }
          let status = try await daemon.status()
          let link = try #require(status.interfaces.first { $0.name == row.link })
          if let words = row.skipped {
            #expect(link.state == .skipped, "\(row.link) cannot hear and is \(link.state.rawValue)")
            #expect(
              link.reason?.contains(words) == true, "\(row.link): \(link.reason ?? "no reason")")
            #expect(status.addresses.allSatisfy { $0.state == .blocked })
          } else {
            #expect(link.state == .active, "\(row.link): \(link.reason ?? "no reason")")
          }
          guard status.addresses.contains(where: { $0.state == .announcing }) else { continue }
          try await expectAnswers(on: row.link, of: node, to: client, from: row.askedFrom)
        }
      }
    }

    /// Asks in each form: to all, and to the one that is known to have it.
    private func expectAnswers(
      on link: String, of node: Host, to client: Host, from asker: String
    ) async throws {
      let (mac, own) = (
        try await node.hardwareAddress(link), try await client.hardwareAddress(asker)
      )
      let arping = try await client.run(
        "arping", "-q", "-c", "5", "-C", "1", "-w", "5", "-S", "10.80.0.1", "-i", asker,
        Self.address)
      #expect(arping.succeeded, "\(link): nobody answers arping")
      let ndisc = try await client.run(
        "ndisc6", "-q", "-1", "-r", "5", "-w", "1000", Self.address6, asker)
      #expect(ndisc.succeeded, "\(link): nobody answers ndisc6")

      var request = ARPFrame(
        whoHas: IPv4Address(Self.address)!, tell: IPv4Address("10.80.0.1")!, at: own)
      request.destination = mac
      var solicitation = NeighbourFrame(
        whoHas: IPv6Address(Self.address6)!, tell: IPv6Address("2001:db8::1")!, at: own)
      solicitation.destination = IPv6Address(Self.address6)!
      solicitation.ethernetDestination = mac
      for (address, poll) in [(Self.address, request.octets), (Self.address6, solicitation.octets)]
      {
        let capture = try await client.capture("arp or icmp6", link: asker)
        try await eventually("\(link): a poll for \(address) to \(mac) alone is not answered") {
          try await client.send(poll, link: asker)
          return capture.frames.contains {
            $0.source == mac && $0.destination == own && $0.answers(for: IPAddress(address)!)
          }
        }
        _ = try await capture.stop()
      }
    }

    // MARK: Plain links

    @Test func aVethIsHeard() async throws { try await expect([Row(link: "lan0")]) }

    @Test(.needsLink(.vlan))
    func aVLANIsHeardAndSoIsItsParent() async throws {
      let vlan = "ip link add lan0.100 link lan0 type vlan id 100; ip link set lan0.100 up"
      try await expect(
        [Row(link: "lan0.100", askedFrom: "lan0.100"), Row(link: "lan0")], after: vlan, client: vlan
      )
    }

    @Test(.needsLink(.dummy))
    func aDummyLeadsNowhere() async throws {
      try await expect(
        [Row(link: "d0", skipped: "leads nowhere")],
        after: "ip link add d0 type dummy; ip link set d0 arp on up")
    }

    @Test(.needsLink(.ifb))
    func anIFBLeadsNowhere() async throws {
      try await expect(
        [Row(link: "f0", skipped: "leads nowhere")],
        after: "ip link add f0 type ifb; ip link set f0 arp on up")
    }

    // MARK: Masters and their ports

    @Test func aBridgeIsHeardAndItsPortIsNot() async throws {
      try await expect(
        [Row(link: "lan0", skipped: "port of bridge br9"), Row(link: "br9")],
        after: "ip link add br9 type bridge; ip link set lan0 master br9; ip link set br9 up")
    }

    @Test(.needsLink(.bond))
    func aBondIsHeardAndItsPortIsNot() async throws {
      try await expect(
        [Row(link: "lan0", skipped: "port of bond bond9"), Row(link: "bond9")],
        after: """
          ip link add bond9 type bond mode active-backup miimon 50; ip link set lan0 down
          ip link set lan0 master bond9; ip link set bond9 up
          """)
    }

    @Test(.needsLink(.team))
    func aPortOfATeamIsNotHeard() async throws {
      try await expect(
        [Row(link: "lan0", skipped: "port of team team9")],
        after: """
          ip link add team9 type team; ip link set lan0 down; ip link set lan0 master team9
          ip link set lan0 up; ip link set team9 up
          """)
    }

    @Test(.needsLink(.prp))
    func aPortOfAPRPIsNotHeard() async throws {
      try await expect(
        [Row(link: "lan0", skipped: "prp9")],
        after: """
          ip link add lan5 type veth peer name far5; ip link set lan5 up; ip link set far5 up
          ip link add prp9 type hsr slave1 lan0 slave2 lan5 proto 1; ip link set prp9 up
          """)
    }

    @Test(.needsLink(.vrf))
    func aMemberOfAVRFIsHeard() async throws {
      try await expect(
        [Row(link: "lan0")],
        after:
          "ip link add blue type vrf table 10; ip link set blue up; ip link set lan0 master blue"
      )
    }

    // MARK: Children

    @Test(.needsLink(.macvlan), arguments: ["private", "vepa", "bridge"])
    func aMacvlanIsHeardAndSoIsItsParent(mode: String) async throws {
      try await expect(
        [Row(link: "mv0"), Row(link: "lan0")],
        after: "ip link add mv0 link lan0 type macvlan mode \(mode); ip link set mv0 up")
    }

    @Test(.needsLink(.macvlan))
    func aMacvlanInPassthruModeTakesItsParentsFrames() async throws {
      try await expect(
        [Row(link: "mv0"), Row(link: "lan0", skipped: "macvlan mv0 takes the frames")],
        after: "ip link add mv0 link lan0 type macvlan mode passthru; ip link set mv0 up")
    }

    @Test(.needsLink(.macvlan))
    func aMacvlanInSourceModeHearsListedSendersOnly() async throws {
      try await expect(
        [Row(link: "mv0", skipped: "only from listed"), Row(link: "lan0")],
        after: """
          ip link add mv0 link lan0 type macvlan mode source; ip link set mv0 up
          ip link set mv0 type macvlan macaddr add 02:00:00:00:00:aa
          """)
    }

    @Test(.needsLink(.sourceMacvlan))
    func aMacvlanInSourceModeMayTakeItsParentsFrames() async throws {
      try await expect(
        [
          Row(link: "lan0", skipped: "macvlan mv0 takes the frames"),
          Row(link: "mv0", skipped: "only from listed"),
        ],
        after: """
          ip link add mv0 link lan0 type macvlan mode source nodst; ip link set mv0 up
          ip link set mv0 type macvlan macaddr add $client
          """)
    }

    @Test(.needsLink(.macvtap))
    func aMacvtapIsAVirtualMachines() async throws {
      try await expect(
        [Row(link: "mt0", skipped: "virtual machine"), Row(link: "lan0")],
        after: "ip link add mt0 link lan0 type macvtap mode bridge; ip link set mt0 up")
    }

    @Test(.needsLink(.macvtap))
    func aMacvtapInPassthruModeTakesItsParentsFrames() async throws {
      try await expect(
        [Row(link: "lan0", skipped: "macvtap mt0 takes the frames")],
        after: "ip link add mt0 link lan0 type macvtap mode passthru; ip link set mt0 up")
    }

    @Test(.needsLink(.ipvlan))
    func anIpvlanHearsItsOwnAddressesOnly() async throws {
      try await expect(
        [Row(link: "iv0", skipped: "its own addresses"), Row(link: "lan0")],
        after: "ip link add iv0 link lan0 type ipvlan mode l2; ip link set iv0 up")
    }

    @Test(.needsLink(.ipvtap))
    func anIpvtapIsAVirtualMachines() async throws {
      try await expect(
        [Row(link: "it0", skipped: "virtual machine"), Row(link: "lan0")],
        after: "ip link add it0 link lan0 type ipvtap mode l2; ip link set it0 up")
    }

    // MARK: Overlays

    @Test(.needsLink(.vxlan))
    func aVXLANIsHeard() async throws {
      func script(_ own: String, _ other: String) -> String {
        """
        ip link add vx0 type vxlan id 5 dstport 4789 local \(own) remote \(other) dev lan0
        ip link set vx0 up
        """
      }
      try await expect(
        [Row(link: "vx0", askedFrom: "vx0"), Row(link: "lan0")],
        after: script("10.80.0.2", "10.80.0.1"), client: script("10.80.0.1", "10.80.0.2"))
    }

    @Test(.needsLink(.gretap))
    func aGRETapIsHeard() async throws {
      func script(_ own: String, _ other: String) -> String {
        "ip link add gt0 type gretap local \(own) remote \(other); ip link set gt0 up"
      }
      try await expect(
        [Row(link: "gt0", askedFrom: "gt0"), Row(link: "lan0")],
        after: script("10.80.0.2", "10.80.0.1"), client: script("10.80.0.1", "10.80.0.2"))
    }
  }
}
