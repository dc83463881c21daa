import LANTestKit
import Testing
import Wire

/// wire.md S9: a link that goes, comes, changes and is made again, under a running daemon.
@Suite(.needsLAN, .serialized, .timeLimit(.minutes(10)))
struct LinkEventTests {
  private let address = "10.80.8.150"
  private let address6 = "2001:db8::10"

  /// A LAN with a daemon that announces both addresses on `lan0`, and a capture on the client.
  private func withAnnouncer(
    interfaces: [String] = ["^lan0$"], _ body: (LAN, Node, Capture) async throws -> Void
  ) async throws {
    try await withLAN { lan, scratch in
      let capture = try await lan["client"].capture()
      let node = try await Node.start(
        on: lan["node"], in: scratch,
        Node.Settings(
          interfaces: interfaces, addresses: [address, address6],
          // Three rounds: the bridge's port may begin to forward a moment after the link can carry.
          extra: "gratuitous: {schedule: [0ms, 100ms, 300ms], refresh: 0s}"))
      try await node.waitFor("announcing", address)
      await eventually { !capture.frames.announcing(address).isEmpty }
      await eventually { !capture.frames.announcing(address6).isEmpty }
      await waitForQuiet(capture)
      try await body(lan, node, capture)
    }
  }

  /// Waits until the schedule has come to its end, so that what is heard later has another cause.
  private func waitForQuiet(_ capture: Capture) async {
    await eventually {
      let last = [address, address6].compactMap { capture.frames.announcing($0).last?.wallClock }
      return wallClock() - (last.max() ?? 0) > 500_000_000
    }
  }

  /// Does `action`, and expects that both addresses are announced within the bound after the kernel
  /// said that the link can carry. Measured from before the action, so that every delay of ours, the
  /// kernel's and the test's own counts.
  private func expectAnnouncements(
    of what: String, _ lan: LAN, _ capture: Capture, from mac: MACAddress? = nil,
    sourceLocation: SourceLocation = #_sourceLocation, _ action: () async throws -> Void
  ) async throws {
    let monitor = try LinkWatch(on: lan["node"])
    try await monitor.waitUntilListening()
    let start = wallClock()
    try await action()
    for address in [address, address6] {
      var frame: CapturedFrame?
      await eventually(
        within: .seconds(10), "\(address) is not announced after: \(what)",
        sourceLocation: sourceLocation
      ) {
        frame = capture.frames.announcing(address).after(start).first
        return frame != nil
      }
      guard let frame else { continue }
      if let mac { #expect(frame.source == mac, sourceLocation: sourceLocation) }
      let able = monitor.lastUp(since: start, until: frame.wallClock) ?? start
      let delay = Double(frame.wallClock - able) / 1e6
      report("\(what): \(address) announced after the link can carry", milliseconds: delay)
      // 200 ms is the rule; the rest is for a debug build on cores that others use too.
      #expect(delay < 1000, sourceLocation: sourceLocation)
    }
    await monitor.stop()
  }

  @Test func administrativelyDownAndUpAgain() async throws {
    try await withAnnouncer { lan, node, capture in
      try await lan["node"].ip("link", "set", "dev", "lan0", "down")
      try await node.waitFor("blocked", address)
      #expect(try await node.interface()?.state == "down")
      #expect(try await node.interface()?.reason?.contains("ip link set lan0 up") == true)
      #expect(try await node.address(address)?.holder == nil, "the claim is handed over")
      try await expectAnnouncements(of: "admin up", lan, capture) {
        try await lan["node"].ip("link", "set", "dev", "lan0", "up")
      }
      try await node.waitFor("announcing", address)
      #expect(try await node.interface()?.state == "active")
      try await expectAnswers(lan)
    }
  }

  @Test func carrierLostAndBack() async throws {
    try await withAnnouncer { lan, node, capture in
      try await lan.unplug(lan["node"])
      try await node.waitFor("blocked", address)
      try await node.waitFor("blocked", address6)
      #expect(try await node.interface()?.state == "down")
      #expect(try await node.address(address)?.reason?.contains("no carrier") == true)
      try await expectAnnouncements(of: "carrier back", lan, capture) {
        try await lan.plug(lan["node"])
      }
      try await node.waitFor("announcing", address)
      try await expectAnswers(lan)
    }
  }

  @Test func aNewHardwareAddressIsInTheNextAnswerAndAnnounced() async throws {
    try await withAnnouncer { lan, node, capture in
      let mac = try #require(MACAddress("02:00:5e:10:00:01"))
      try await expectAnnouncements(of: "new hardware address", lan, capture, from: mac) {
        try await lan["node"].ip("link", "set", "dev", "lan0", "address", "\(mac)")
      }
      #expect(try await node.interface()?.hardwareAddress == "\(mac)")
      try await expectAnswers(lan, from: mac)
      #expect(try await node.address(address)?.state == "announcing")
    }
  }

  @Test func renamedOutOfThePatternAndBackIn() async throws {
    try await withAnnouncer { lan, node, capture in
      try await lan["node"].ip("link", "set", "dev", "lan0", "name", "other0")
      try await node.waitFor("blocked", address)
      #expect(try await node.interface("other0")?.state == "skipped")
      #expect(try await node.interface("other0")?.reason == "no pattern matches")
      #expect(try await node.interface("lan0") == nil)
      try await expectAnnouncements(of: "renamed into the pattern", lan, capture) {
        try await lan["node"].ip("link", "set", "dev", "other0", "name", "lan0")
      }
      try await node.waitFor("announcing", address)
      try await expectAnswers(lan)
    }
  }

  @Test func deletedAndMadeAgainUnderTheSameNameAndEvenTheSameIndex() async throws {
    try await withAnnouncer { lan, node, capture in
      let first = try #require(await lan["node"].linkState()?.index)
      try await lan["node"].ip("link", "delete", "dev", "lan0")
      try await node.waitFor("blocked", address)
      #expect(try await node.interface() == nil)
      try await node.waitForLog("interface gone", "interface=lan0")
      try await expectAnnouncements(of: "made again, same name", lan, capture) {
        try await lan.connect(lan["node"], link: "lan0")
      }
      try await node.waitFor("announcing", address)
      try await expectAnswers(lan)

      let second = try #require(await lan["node"].linkState()?.index)
      #expect(second != first)
      try await lan["node"].ip("link", "delete", "dev", "lan0")
      try await node.waitFor("blocked", address)
      try await expectAnnouncements(of: "made again, same index", lan, capture) {
        try await lan.connect(lan["node"], link: "lan0", index: second)
      }
      #expect(try await node.interface()?.index == second)
      try await node.waitFor("announcing", address6)
      try await expectAnswers(lan)
    }
  }

  /// The daemon sees the end of one life and the beginning of the next at once, with nothing to tell
  /// them apart but that the first has ended: name, index and hardware address are the same.
  @Test func deletedAndMadeAgainBehindTheDaemonsBack() async throws {
    try await withAnnouncer { lan, node, capture in
      let state = try #require(await lan["node"].linkState())
      let mac = try await lan["node"].hardwareAddress()
      // Twice: the second and the third life have had the same events.
      for _ in 0..<2 {
        await waitForQuiet(capture)
        node.process.freeze()
        try await lan["node"].ip("link", "delete", "dev", "lan0")
        try await lan.connect(lan["node"], link: "lan0", index: state.index, up: false)
        try await lan["node"].ip("link", "set", "dev", "lan0", "address", "\(mac)", "up")
        try await eventually { try await lan["node"].linkState()?.operationalState == "UP" }
        let start = wallClock()
        node.process.thaw()
        let told = await timeUntil(within: .seconds(10)) {
          !capture.frames.announcing(address).after(start).isEmpty
            && !capture.frames.announcing(address6).after(start).isEmpty
        }
        let status = try await node.client.ask("status").standardOutput
        #expect(told != nil, "not announced\n\(status)\(node.log)")
        try await expectAnswers(lan)
      }
    }
  }

  @Test func anInterfaceThatComesLate() async throws {
    try await withLAN(["client"]) { lan, scratch in
      // The bridge's namespace has no link of this name yet.
      let capture = try await lan["client"].capture()
      let node = try await Node.start(
        on: lan.bridge, in: scratch,
        Node.Settings(interfaces: ["^late0$"], addresses: [address, address6]))
      #expect(try await node.address(address)?.state == "blocked")
      #expect(
        try await node.address(address)?.reason
          == "no interface of this node matches its patterns")
      #expect(
        try await node.status().warnings.contains {
          $0.hasPrefix("pattern '^late0$' matches no interface of this node, which has lo, ")
        })
      #expect(capture.frames.asserting(address).isEmpty)
      try await lan.bridge.ip(
        "link", "add", "name", "late0", "type", "veth", "peer", "name", "late0-port")
      try await lan.bridge.ip("link", "set", "dev", "late0-port", "master", "br0", "up")
      let start = wallClock()
      try await lan.bridge.ip("link", "set", "dev", "late0", "up")
      await eventually { !capture.frames.announcing(address).after(start).isEmpty }
      await eventually { !capture.frames.announcing(address6).after(start).isEmpty }
      if let first = capture.frames.announcing(address).after(start).first {
        report("late interface announced", milliseconds: Double(first.wallClock - start) / 1e6)
      }
      try await node.waitFor("announcing", address)
      #expect(try await node.address(address)?.interfaces == ["late0"])
    }
  }

  /// A real Linux host gets an answer for both families, from `mac` where one is named.
  private func expectAnswers(
    _ lan: LAN, from mac: MACAddress? = nil, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    let expected: MACAddress
    if let mac { expected = mac } else { expected = try await lan["node"].hardwareAddress() }
    let ndisc = try await lan["client"].run(
      "ndisc6", "-q", "-1", "-r", "5", "-w", "1000", address6, "lan0")
    #expect(
      MACAddress(ndisc.standardOutput.filter { !$0.isWhitespace }) == expected,
      "\(ndisc.standardOutput)\(ndisc.standardError)", sourceLocation: sourceLocation)
    let arping = try await lan["client"].run(
      "arping", "-c", "1", "-w", "5", "-0", "-i", "lan0", address)
    #expect(
      arping.standardOutput.contains("\(expected)"), "\(arping.standardOutput)",
      sourceLocation: sourceLocation)
  }
}
