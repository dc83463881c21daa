import LANTestKit
import Testing
import Wire

/// Two stations with one address: found before the address is taken, said where people look.
@Suite(.needsLAN, .serialized, .timeLimit(.minutes(10)))
struct TwoStationsTests {
  private let address = "10.80.8.150"
  private let address6 = "2001:db8::10"

  /// The second node was set up with the first one's file: `local` knows one machine only. The one that comes
  /// second finds the first and stays silent.
  @Test func theSecondMachineWithTheDefaultLeaseIsSilentAndSaysWhy() async throws {
    try await withLAN(["a", "b", "client"]) { lan, scratch in
      let capture = try await lan["client"].capture()
      let addresses = [address, address6]
      let notify = try NotifySocket(path: scratch.path("notify"))
      let a = try await Node.start(
        on: lan["a"], in: scratch,
        Node.Settings(
          name: "a", addresses: addresses, leaseDirectory: scratch.path("claims-a")), label: "a")
      for address in addresses { try await a.waitFor("announcing", address) }
      let b = try await Node.start(
        on: lan["b"], in: scratch,
        Node.Settings(
          name: "b", addresses: addresses, leaseDirectory: scratch.path("claims-b")), label: "b",
        environment: ["NOTIFY_SOCKET": scratch.path("notify")])
      let (macA, macB) = (
        try await lan["a"].hardwareAddress(), try await lan["b"].hardwareAddress()
      )
      for address in addresses {
        try await b.waitFor("blocked", address)
        let found = try #require(try await b.address(address))
        #expect(found.reason?.hasPrefix("\(macA) on lan0 has it: ") == true, "\(found)")
        #expect(found.conflict?.hardwareAddress == "\(macA)")
        let explanation = try await b.client.ask("explain", address).standardOutput
        #expect(explanation.contains("\(macA)"), "\(explanation)")
        try await b.waitForLog("\(address) is not announced: \(macA) on lan0 has it")
      }
      #expect(
        try await b.status().warnings.contains {
          $0.contains("another machine") && $0.contains("local") && $0.contains("etcd")
        })
      try await b.waitForLog("warning", "another machine", "etcd")
      let text = try await b.client.ask("status").standardOutput
      #expect(text.hasPrefix("b — 2 addresses: 2 blocked; 2 conflicts\n"), "\(text)")
      await eventually("\(notify.messages)") {
        notify.last("STATUS=") == "announcing 0 of 2 addresses, 2 conflicts"
      }
      #expect(try await a.address(address)?.conflict == nil, "nobody took it from there")

      // Once the first has gone, the second has it.
      let before = capture.frames
      for address in addresses {
        #expect(before.from(macB).asserting(address).isEmpty, "\(address)")
      }
      a.process.signal(15)
      for address in addresses { try await b.waitFor("announcing", address) }
      #expect(try await b.address(address)?.conflict == nil)
      await eventually {
        addresses.allSatisfy { !capture.frames.from(macB).announcing($0).isEmpty }
      }
      await eventually("\(notify.messages)") {
        notify.last("STATUS=") == "announcing 2 of 2 addresses"
      }
      _ = try await capture.stop()
    }
  }

  /// Both ask in the same moment, so that neither is there to answer: the one with the lower hardware address stays.
  @Test func ofTwoMachinesThatBeginInTheSameMomentOneStays() async throws {
    try await withLAN(["a", "b", "client"]) { lan, scratch in
      let capture = try await lan["client"].capture()
      let addresses = [address, address6]
      func settings(_ name: String, _ addresses: [String]) -> Node.Settings {
        Node.Settings(
          name: name, addresses: addresses, leaseDirectory: scratch.path("claims-\(name)"))
      }
      var nodes: [String: Node] = [:]
      var macs: [String: MACAddress] = [:]
      for name in ["a", "b"] {
        nodes[name] = try await Node.start(
          on: lan[name], in: scratch, settings(name, ["10.80.8.199"]), label: name)
        macs[name] = try await lan[name].hardwareAddress()
      }
      let (a, b) = (try #require(nodes["a"]), try #require(nodes["b"]))
      let (macA, macB) = (try #require(macs["a"]), try #require(macs["b"]))
      try a.reload(settings("a", addresses))
      try b.reload(settings("b", addresses))
      let (first, second, mac, other) =
        macA.rawValue < macB.rawValue ? (a, b, macA, macB) : (b, a, macB, macA)
      for address in addresses {
        try await second.waitFor("blocked", address)
        try await first.waitFor("announcing", address)
        let found = try #require(try await second.address(address))
        #expect(found.conflict?.hardwareAddress == "\(mac)", "\(found)")
        try await second.waitForLog("\(address) is not announced: \(mac) on lan0 has it")
      }
      let since = wallClock()
      for address in addresses {
        // A second question of the silent one, and its answer.
        let count = try await second.address(address)?.conflict?.count ?? 0
        try await eventually(within: .seconds(15)) {
          try await second.address(address)?.conflict?.count ?? 0 > count
        }
        #expect(try await first.address(address)?.state == "announcing")
      }
      let frames = try await capture.stop()
      for address in addresses {
        #expect(!frames.from(mac).announcing(address).isEmpty)
        #expect(
          frames.from(other).asserting(address).allSatisfy { $0.wallClock < since }, "\(address)")
      }
    }
  }

  /// Both announce: they were cut off from each other when they began, or were told not to ask.
  @Test func twoMachinesThatAnnounceAreToldWhatIsWrong() async throws {
    try await withLAN(["a", "b"]) { lan, scratch in
      var nodes: [Node] = []
      for name in ["a", "b"] {
        nodes.append(
          try await Node.start(
            on: lan[name], in: scratch,
            Node.Settings(
              name: name, extra: "selfCheck: {interval: 1s}\naskFirst: false",
              leaseDirectory: scratch.path("claims-\(name)")), label: name))
      }
      for node in nodes {
        var warnings: [String] = []
        try await eventually(within: .seconds(30), "\(warnings)\n\(node.log)") {
          warnings = try await node.status().warnings
          return warnings.contains {
            $0.contains(address) && $0.contains("local") && $0.contains("another machine")
              && $0.contains("etcd") && $0.contains("kubernetes")
          }
        }
        try await eventually(within: .seconds(30), "\(node.log)") {
          try await node.status().selfCheck.state == "contested"
        }
        try await node.waitForLog("warning", "another machine", "etcd")
        let explanation = try await node.client.ask("explain", address).standardOutput
        #expect(explanation.contains("another machine"), "\(explanation)")
        let text = try await node.client.ask("status").standardOutput
        #expect(text.contains("1 announcing; 1 conflict\n"), "\(text)")
      }

      // Asked from the holder itself, whose daemon does not hear its own question.
      let probe = try await lan["a"].run(
        Program.path, "probe", address, "--count", "1", "--socket", nodes[0].socket)
      #expect(probe.status == .exited(4), "\(probe.standardOutput)\(probe.standardError)")
      for name in ["a", "b"] {
        let mac = try await lan[name].hardwareAddress()
        #expect(probe.standardOutput.contains("\(mac)"), "\(probe.standardOutput)")
      }
      #expect(probe.standardOutput.contains("2 STATIONS"))
      #expect(probe.standardOutput.contains("this node"))
    }
  }

  @Test func onTheHolderTheNodeItselfCounts() async throws {
    try await withLAN(["a", "client"]) { lan, scratch in
      // Not asked for, it is kept whatever the other's hardware address is.
      let node = try await Node.start(
        on: lan["a"], in: scratch, Node.Settings(extra: "askFirst: false"))
      try await node.waitFor("announcing")
      let mac = try await lan["a"].hardwareAddress()
      func probe(_ arguments: String...) async throws -> CommandResult {
        try await lan["a"].run(
          [Program.path, "probe", address, "--count", "1", "--socket", node.socket] + arguments)
      }
      let alone = try await probe()
      #expect(alone.status == .exited(0), "\(alone.standardOutput)\(alone.standardError)")
      #expect(alone.standardOutput.contains("\(address) is at \(mac) on lan0 (this node"))

      try await lan["client"].addAddress("\(address)/16")
      let both = try await probe("--output", "json")
      #expect(both.status == .exited(4), "\(both.standardOutput)\(both.standardError)")
      let stations = try JSONValue(both.standardOutput)["stations"]
      #expect(stations?[0]?["hardwareAddress"] != nil && stations?[1]?["hardwareAddress"] != nil)
      // Where no daemon answers, it is the LAN alone that counts.
      let stranger = try await lan["a"].run(
        Program.path, "probe", address, "--count", "1", "--socket", scratch.path("none.sock"))
      #expect(stranger.status == .exited(0) && stranger.standardError.isEmpty)
    }
  }

  /// A host that has the address says nothing by itself. It keeps it, for as long as it has it.
  @Test func whatAHostHasIsNotTakenFromIt() async throws {
    try await withLAN(["node", "owner", "client"]) { lan, scratch in
      let addresses = [address, address6]
      try await lan["owner"].addAddress("\(address)/16")
      try await lan["owner"].ip("address", "add", "\(address6)/64", "dev", "lan0", "nodad")
      let capture = try await lan["client"].capture()
      let free = "10.80.8.151"
      let node = try await Node.start(
        on: lan["node"], in: scratch, Node.Settings(addresses: addresses + [free]))
      let (mac, foreign) = (
        try await lan["node"].hardwareAddress(), try await lan["owner"].hardwareAddress()
      )
      try await node.waitFor("announcing", free)
      for address in addresses {
        try await node.waitFor("blocked", address)
        #expect(try await node.address(address)?.conflict?.hardwareAddress == "\(foreign)")
      }
      // It is asked for again and again, and never asserted.
      let count = try await node.address(address)?.conflict?.count ?? 0
      try await eventually(within: .seconds(15)) {
        try await node.address(address)?.conflict?.count ?? 0 > count + 2
      }
      for address in addresses {
        let frames = capture.frames.from(mac)
        #expect(frames.asserting(address).isEmpty, "\(address)")
        #expect(frames.contains { $0.probes(for: address) }, "\(address)")
      }
      let first = try #require(capture.frames.from(mac).announcing(free).first)
      #expect(
        capture.frames.from(mac).filter { $0.probes(for: free) && $0.wallClock < first.wallClock }
          .count == 2, "a free one is asked for as well, before")

      try await lan["owner"].ip("address", "del", "\(address)/16", "dev", "lan0")
      try await node.waitFor("announcing", address)
      #expect(try await node.address(address6)?.state == "blocked")
      let status = try await node.client.ask("status").standardOutput
      #expect(status.contains("; 1 conflict\n"), "\(status)")
      _ = try await capture.stop()
    }
  }

  /// Told not to ask first, it asks beside the first announcement, once.
  @Test func withoutAskingFirstTheOwnerIsFoundByTheFirstQuestion() async throws {
    try await withLAN(["node", "owner", "client"]) { lan, scratch in
      try await lan["owner"].addAddress("\(address)/16")
      try await lan["owner"].ip("address", "add", "\(address6)/64", "dev", "lan0", "nodad")
      let capture = try await lan["client"].capture()
      let node = try await Node.start(
        on: lan["node"], in: scratch,
        Node.Settings(
          addresses: [address, address6],
          extra: """
            gratuitous: {schedule: [0ms], refresh: 0s}
            conflicts: report
            askFirst: false
            """))
      let (mac, foreign) = (
        try await lan["node"].hardwareAddress(), try await lan["owner"].hardwareAddress()
      )
      for address in [address, address6] {
        try await eventually(within: .seconds(15), "\(address): no conflict\n\(node.log)") {
          try await node.address(address)?.conflict?.hardwareAddress == "\(foreign)"
        }
        #expect(try await node.address(address)?.state == "announcing")
      }
      let frames = try await capture.stop()
      for address in [address, address6] {
        let questions = frames.from(mac).filter { $0.probes(for: address) }
        #expect(questions.count == 1, "\(address) was asked for \(questions.count) times")
        let announced = try #require(frames.from(mac).announcing(address).first)
        let question = try #require(questions.first)
        #expect(abs(question.wallClock - announced.wallClock) < 200_000_000)
      }
    }
  }

  /// Where the kernels of all nodes answer for an address, as with kube-proxy in IPVS mode, that one answers proves
  /// nothing: somebody has to announce it.
  @Test func whatTheKernelsOfTheNodesHaveIsAnnouncedAllTheSame() async throws {
    try await withLAN(["node", "other"]) { lan, scratch in
      for name in ["node", "other"] {
        try await lan[name].addAddress("\(address)/32", link: "lo")
        try await lan[name].sysctl(["net.ipv4.conf.all.arp_ignore": "0"])
      }
      let node = try await Node.start(on: lan["node"], in: scratch)
      try await node.waitFor("announcing")
      // Where this node's kernel is silent, the other's is a station like any other.
      try await lan["node"].sysctl(["net.ipv4.conf.all.arp_ignore": "1"])
      let second = try await Node.start(
        on: lan["node"], in: scratch,
        Node.Settings(name: "second", leaseDirectory: scratch.path("others")), label: "second")
      try await second.waitFor("blocked")
      #expect(
        try await second.address()?.conflict?.hardwareAddress
          == "\(try await lan["other"].hardwareAddress())")
    }
  }

  /// Before the store was read, the station that answers may be the node that holds it.
  @Test func nobodyIsBlamedBeforeTheStoreIsKnown() async throws {
    try await withLAN(["node", "owner"]) { lan, scratch in
      try await lan["owner"].addAddress("\(address)/16")
      let capture = try await lan["owner"].capture("arp")
      let node = try await Node.start(
        on: lan["node"], in: scratch,
        Node.Settings(lease: "{backend: etcd, etcd: {endpoints: [\"http://127.0.0.1:1\"]}}"),
        waits: false)
      await eventually(within: .seconds(20), "\(node.log)") {
        capture.frames.count { $0.probes(for: address) } >= 6
      }
      let found = try #require(try await node.address())
      #expect(found.conflict == nil && found.reason?.contains("has it") == false, "\(found)")
      #expect(!node.log.contains("is not announced"), "\(node.log)")
      _ = try await capture.stop()
    }
  }

  /// The daemon goes by what it is told while it runs.
  @Test func askingFirstIsSwitchedOffAndOn() async throws {
    try await withLAN(["node", "owner"]) { lan, scratch in
      try await lan["owner"].addAddress("\(address)/16")
      let node = try await Node.start(on: lan["node"], in: scratch)
      try await node.waitFor("blocked")
      try node.reload(Node.Settings(extra: "askFirst: false"))
      try await node.waitFor("announcing")
    }
  }

  /// Whoever takes over from a former holder asks nobody: the former one may still be leaving.
  @Test func aTakeoverFromAFormerHolderAsksNobody() async throws {
    try await Pair.with { pair in
      let capture = try await pair.lan["client"].capture()
      let start = wallClock()
      pair.a.process.signal(15)
      try await pair.b.waitFor("announcing", pairAddress)
      try await pair.waitForAnswers(from: pair.macB, since: start)
      let frames = try await capture.stop()
      #expect(!frames.from(pair.macB).announcing(pairAddress).isEmpty)
      #expect(frames.from(pair.macB).allSatisfy { !$0.probes(for: pairAddress) })
    }
  }
}

extension CapturedFrame {
  /// Whether it asks who has `address` without claiming it: an ARP probe (RFC 5227 §2.1.1), or a solicitation
  /// from the link-local address.
  fileprivate func probes(for address: String) -> Bool {
    switch IPAddress(address) {
    case .v4(let address):
      arp.map { $0.operation == 1 && $0.target == address && $0.sender == .any } ?? false
    case .v6(let address):
      neighbourDiscovery.map { message in
        message.type == 135 && message.target == address && message.source.isLinkLocal
      } ?? false
    case nil: false
    }
  }
}
