import FoundationEssentials
import Glibc
import LANTestKit
import Testing
import Wire

/// The daemon asks for its own addresses from another link of its node.
@Suite(.needsLAN, .timeLimit(.minutes(10)))
struct SelfCheckTests {
  /// A node with a second link on the same LAN.
  private func withWitness(
    _ extra: String, _ body: (LAN, Node) async throws -> Void
  ) async throws {
    try await withLAN { lan, scratch in
      try await lan.connect(lan["node"], link: "lan1")
      let node = try await Node.start(
        on: lan["node"], in: scratch,
        Node.Settings(addresses: ["10.80.8.150-10.80.8.152", "2001:db8::10"], extra: extra))
      for address in ["10.80.8.150", "10.80.8.152", "2001:db8::10"] {
        try await node.waitFor("announcing", address)
      }
      try await body(lan, node)
    }
  }

  /// The switch passes nothing to lan0 any more, though its carrier is there.
  private func cut(_ lan: LAN) async throws {
    let rule = "oifname \"\(lan.port(of: lan["node"]))\" drop"
    let result = try await lan.bridge.run(
      "nft", "table bridge cut { chain forward { type filter hook forward priority 0; \(rule); }; }"
    )
    #expect(result.succeeded, "\(result.standardError)")
  }

  private func waitFor(_ state: String, _ node: Node) async throws {
    var last: NodeStatus.SelfCheck?
    try await eventually(within: .seconds(30), "\(String(describing: last))\n\(node.log)") {
      last = try await node.status().selfCheck
      return last?.state == state
    }
  }

  @Test func whatTheLANNoLongerHearsIsSaid() async throws {
    let settings = "selfCheck: {interval: 1s, interfaces: [\"^lan1$\"]}"
    try await withWitness(settings) { lan, node in
      try await eventually("\(node.log)") {
        try await node.status().selfCheck.witnesses == ["lan0": "lan1"]
      }
      #expect(try await node.status().ready)
      // Checking is no conflict, and answers are counted as any others.
      #expect(try await node.status().addresses.allSatisfy { $0.conflict == nil })

      try await cut(lan)
      try await waitFor("failed", node)
      let status = try await node.status()
      #expect(!status.ready)
      #expect(
        status.selfCheck.failures.contains(
          "10.80.8.150 on lan0, asked for from lan1: nobody answers"))
      #expect(status.selfCheck.failures.contains { $0.hasPrefix("2001:db8::10 on lan0") })
      try await node.waitForLog("self-check failed", "10.80.8.150")
      let text = try await node.client.ask("status").standardOutput
      #expect(text.contains("self-check  10.80.8.150 on lan0"))

      // Switched off, it keeps nobody from being ready; switched on, it finds the same again.
      let written = try String(contentsOfFile: node.configuration, encoding: .utf8)
      try node.reload(text: written.replacing("interval: 1s", with: "interval: 0s"))
      try await waitFor("off", node)
      #expect(try await node.status().ready)
      try node.reload(text: written)
      try await waitFor("failed", node)

      try await lan.bridge.run("nft", "delete table bridge cut")
      try await waitFor("passed", node)
      #expect(try await node.status().ready)
      try await node.waitForLog("self-check passed again")
    }
  }

  /// Another interface that leads elsewhere is no witness: its silence means nothing.
  @Test func anInterfaceElsewhereSaysNothing() async throws {
    try await withLAN { lan, scratch in
      try await lan["node"].ip("link", "add", "lan9", "type", "veth", "peer", "name", "far9")
      try await lan["node"].ip("link", "set", "lan9", "up")
      try await lan["node"].ip("link", "set", "far9", "up")
      let node = try await Node.start(
        on: lan["node"], in: scratch,
        Node.Settings(extra: "selfCheck: {interval: 1s, interfaces: [\"^lan9$\"]}"))
      try await node.waitFor("announcing")
      let capture = try await lan["node"].capture("arp", link: "far9")
      await eventually { capture.frames.count >= 6 }
      try await waitFor("unchecked", node)
      let check = try await node.status().selfCheck
      #expect(check.witnesses.isEmpty)
      #expect(check.reason == "no answer came to lan9, which may lead to another LAN")
      #expect(try await node.status().ready)
    }
  }

  @Test func aStationThatAnswersInsteadIsNamed() async throws {
    try await withWitness("selfCheck: {interval: 1s, interfaces: [\"^lan1$\"]}\nconflicts: report")
    {
      lan, node in
      try await eventually { try await node.status().selfCheck.witnesses == ["lan0": "lan1"] }
      try await cut(lan)
      try await lan["client"].addAddress("10.80.8.150/32")
      let mac = try await lan["client"].hardwareAddress()
      try await eventually(within: .seconds(30), "\(node.log)") {
        try await node.status().selfCheck.failures.contains {
          $0 == "10.80.8.150 on lan0, asked for from lan1: \(mac) answers instead"
        }
      }
    }
  }

  /// A port of a bridge cannot hold an address; asked from it can be, where it is named for that.
  @Test func aPortOfABridgeMayAsk() async throws {
    try await withLAN { lan, scratch in
      try await lan.connect(lan["node"], link: "lan1")
      let script =
        "ip link add br9 type bridge; ip link set lan1 master br9; ip link set br9 up"
      #expect(try await lan["node"].run("sh", "-e", "-c", script).succeeded)
      let node = try await Node.start(
        on: lan["node"], in: scratch,
        Node.Settings(extra: "selfCheck: {interval: 1s, interfaces: [\"^lan1$\"]}"))
      try await node.waitFor("announcing")
      try await waitFor("passed", node)
      #expect(try await node.status().selfCheck.witnesses == ["lan0": "lan1"])
    }
  }

  /// Where nothing was asked, nothing has passed.
  @Test func withoutASecondInterfaceNothingIsChecked() async throws {
    try await withLAN { lan, scratch in
      let node = try await Node.start(
        on: lan["node"], in: scratch, Node.Settings(extra: "selfCheck: {interval: 1s}"))
      try await node.waitFor("announcing")
      try await waitFor("unchecked", node)
      let status = try await node.status()
      #expect(status.selfCheck.reason == "no second interface to ask from")
      #expect(status.selfCheck.unchecked == ["lan0": "no second interface to ask from"])
      #expect(status.ready)
      let text = try await node.client.ask("status").standardOutput
      #expect(text.contains("self-check  not checked: no second interface to ask from"), "\(text)")
    }
  }

  @Test func withoutAnInterfaceNothingIsChecked() async throws {
    try await withLAN { lan, scratch in
      let node = try await Node.start(
        on: lan["node"], in: scratch,
        Node.Settings(interfaces: ["^none$"], extra: "selfCheck: {interval: 1s}"))
      try await waitFor("unchecked", node)
      #expect(try await node.status().selfCheck.reason == "nothing is announced on this node")
    }
  }

  @Test func aContestedAddressHasNotPassed() async throws {
    try await withWitness("selfCheck: {interval: 1s, interfaces: [\"^lan1$\"]}\nconflicts: report")
    {
      lan, node in
      try await waitFor("passed", node)
      let mac = try await lan["client"].hardwareAddress()
      try await lan["client"].run(
        "arping", "-q", "-U", "-c", "1", "-S", "10.80.8.150", "-i", "lan0", "10.80.8.150")
      try await waitFor("contested", node)
      #expect(
        try await node.status().selfCheck.reason
          == "another station claims 10.80.8.150: \(mac)")
      let text = try await node.client.ask("status").standardOutput
      #expect(text.contains("self-check  contested: another station claims 10.80.8.150"), "\(text)")
      #expect(try await node.status().ready)
    }
  }

  /// Linux says nothing when it is given an IPv4 address, and nothing without duplicate address detection.
  @Test func aStationThatHasTheAddressAndSaysNothingIsFound() async throws {
    try await withLAN { lan, scratch in
      let addresses = ["10.80.8.150", "2001:db8::10"]
      let node = try await Node.start(
        on: lan["node"], in: scratch,
        Node.Settings(
          addresses: addresses, extra: "selfCheck: {interval: 1s}\nconflicts: report"))
      for address in addresses { try await node.waitFor("announcing", address) }
      let capture = try await lan["client"].capture()
      try await lan["client"].run(
        "ip", "address", "add", "2001:db8::10/64", "dev", "lan0", "nodad")
      try await lan["client"].run("ip", "address", "add", "10.80.8.150/16", "dev", "lan0")
      let mac = try await lan["client"].hardwareAddress()
      for address in addresses {
        try await eventually(within: .seconds(20), "\(address)\n\(node.log)") {
          try await node.address(address)?.conflict?.hardwareAddress == "\(mac)"
        }
      }
      // It told nobody but the asker.
      let others = try await capture.stop().filter { frame in
        frame.source == mac && frame.destination.isGroup
          && addresses.contains { frame.asserts(IPAddress($0)!) }
      }
      #expect(others.isEmpty, "\(others)")
    }
  }

  /// Two links that announce on one LAN give neighbours two hardware addresses.
  @Test func twoInterfacesOnOneLANAreNoticed() async throws {
    try await withLAN { lan, scratch in
      try await lan.connect(lan["node"], link: "lan1")
      let node = try await Node.start(
        on: lan["node"], in: scratch,
        Node.Settings(interfaces: ["^lan"], extra: "selfCheck: {interval: 1s}"))
      try await node.waitFor("announcing")
      var warnings: [String] = []
      try await eventually(within: .seconds(30), "\(warnings)\n\(node.log)") {
        warnings = try await node.status().warnings
        return warnings.contains { $0.hasPrefix("lan0 and lan1 are on one LAN") }
      }
      #expect(try await node.status().ready)
      try await node.waitForLog("warning", "lan0 and lan1 are on one LAN")

      // Without a frame it shows where both have an address in one subnet.
      for (number, link) in ["lan0", "lan1"].enumerated() {
        try await lan["node"].addAddress("10.80.0.\(number + 1)/16", link: link)
      }
      let check = try await lan["node"].run(
        Program.path, "check", "--config", node.configuration, "--output", "json")
      #expect(
        try CheckOutput(check.standardOutput).warnings.contains {
          $0.hasPrefix("lan0 and lan1 both have an address in 10.80.0.0/16")
        }, "\(check.standardOutput)")
      // What is known for certain is not guessed as well.
      #expect(try await node.status().warnings.count { $0.hasPrefix("lan0 and lan1") } == 1)
    }
  }

  /// A link to which nothing ever came is worth a warning, until something comes.
  @Test func anInterfaceThatHearsNothingAtAllIsNamed() async throws {
    try await withLAN { lan, scratch in
      let script = """
        ip link add lan5 type veth peer name far5
        sysctl -q -w net.ipv6.conf.far5.disable_ipv6=1; ip link set far5 up; ip link set lan5 up
        """
      let made = try await lan["node"].run("sh", "-e", "-c", script)
      #expect(made.succeeded, "\(made.standardError)")
      let node = try await Node.start(
        on: lan["node"], in: scratch,
        Node.Settings(interfaces: ["^lan5$"], extra: "selfCheck: {interval: 1s}"))
      try await node.waitFor("announcing")
      func isNamed() async throws -> Bool {
        try await node.status().warnings.contains {
          $0.hasPrefix("lan5 has received no frame since it came up")
        }
      }
      try await eventually(within: .seconds(40), "\(node.log)") { try await isNamed() }
      try await node.waitForLog("warning", "lan5 has received no frame")
      try await lan["node"].send(
        Array(repeating: 0xff, count: 6) + [2, 0, 0, 0, 0, 7, 0x88, 0xb5]
          + Array(repeating: 0, count: 46),
        link: "far5")
      try await eventually(within: .seconds(20), "\(node.log)") { try await !isNamed() }
    }
  }

  /// Nobody answers on any of many links, so that a round takes half a minute: the stop does not wait for it.
  @Test func theStopDoesNotWaitForARound() async throws {
    try await withLAN { lan, scratch in
      let links = (0..<30).map {
        "ip link add m\($0) type veth peer name p\($0); ip link set p\($0) up; ip link set m\($0) up"
      }
      let made = try await lan["node"].run("sh", "-e", "-c", links.joined(separator: "\n"))
      #expect(made.succeeded, "\(made.standardError)")
      let node = try await Node.start(
        on: lan["node"], in: scratch,
        Node.Settings(
          interfaces: ["^m[0-9]+$"], addresses: ["10.80.8.150-10.80.8.157"],
          extra: "selfCheck: {interval: 1s}"))
      try await node.waitFor("announcing")
      try await eventually(within: .seconds(30)) { try node.process.hasThread("self-check") }
      #expect(try node.process.hasThread("self-check"))
      node.process.signal(SIGTERM)
      let time = await timeUntil(within: .seconds(60)) { !node.process.isRunning }
      report("stop while links are asked", milliseconds: (time ?? .seconds(60)) / .milliseconds(1))
      #expect(time.map { $0 < (Program.isMeasured ? .seconds(1) : .seconds(3)) } == true)
      #expect(try await node.process.wait() == .exited(0))
    }
  }
}

extension RunningProcess {
  /// Whether a thread of this name runs in it.
  fileprivate func hasThread(_ name: String) throws -> Bool {
    let directory = "/proc/\(pid)/task"
    return try FileManager.default.contentsOfDirectory(atPath: directory).contains { thread in
      (try? String(contentsOfFile: "\(directory)/\(thread)/comm", encoding: .utf8)) == "\(name)\n"
    }
  }
}
