import LANTestKit
import Testing
import Wire

/// wire.md S10 to S12: links that may not carry announcements for a while, a storm of link events, and what
/// the node's own kernel does.
@Suite(.needsLAN, .serialized, .timeLimit(.minutes(10)))
struct EligibilityTests {
  private let address = "10.80.8.150"
  private let address6 = "2001:db8::10"

  /// wire.md S10: a port of a bridge is never bound, even if a pattern names it, and `check` says so; the message of
  /// family AF_BRIDGE that says that it was released is no deletion.
  @Test func enslavedToABridgeAndReleased() async throws {
    try await withLAN { lan, scratch in
      let host = lan["node"]
      let capture = try await lan["client"].capture()
      let node = try await Node.start(
        on: host, in: scratch,
        Node.Settings(
          addresses: [address, address6],
          extra: "gratuitous: {schedule: [0ms, 100ms, 300ms], refresh: 0s}"))
      try await node.waitFor("announcing", address)
      let index = try await node.interface()?.index
      try await host.ip("link", "add", "name", "br7", "type", "bridge")
      try await host.ip("link", "set", "dev", "br7", "up")
      try await host.ip("link", "set", "dev", "lan0", "master", "br7")
      try await node.waitFor("blocked", address)
      #expect(try await node.interface()?.state == "skipped")
      #expect(try await node.interface()?.reason?.contains("port of bridge br7") == true)
      let check = try await host.run(Program.path, "check", "--config", node.configuration)
      #expect(check.status == .exited(1), "\(check.standardOutput)")
      #expect(
        check.standardOutput.contains(
          "lan0: port of bridge br7, which is given what is asked here: match ^br7$ instead"),
        "\(check.standardOutput)")

      // While it is a port, nobody gets an answer. The client's other question, for an address of
      // the node's kernel behind the bridge, marks the end of the time in question.
      try await host.addAddress("10.80.0.7/16", link: "br7")
      let asked = wallClock()
      let asker = try await Asker(on: lan["client"], for: [address, "10.80.0.7"])
      await eventually { capture.frames.asserting("10.80.0.7").after(asked).count >= 5 }
      #expect(capture.frames.asserting(address).after(asked).isEmpty)
      asker.stop()

      let released = wallClock()
      try await host.ip("link", "set", "dev", "lan0", "nomaster")
      await eventually { !capture.frames.announcing(address).after(released).isEmpty }
      await eventually { !capture.frames.announcing(address6).after(released).isEmpty }
      try await node.waitFor("announcing", address)
      // Its addresses are still known, as they would not be of a link taken for deleted and new.
      let source = capture.frames.announcing(address6).after(released).first?
        .neighbourDiscovery?.source
      #expect(source?.description.hasPrefix("fe80:") == true, "\(source.map { "\($0)" } ?? "none")")
      #expect(try await node.interface()?.index == index)
      #expect(!node.log.contains("interface gone"))
      if let first = capture.frames.announcing(address).after(released).first {
        report("released from a bridge", milliseconds: Double(first.wallClock - released) / 1e6)
      }
    }
  }

  @Test func noARPOnAndOff() async throws {
    try await withLAN { lan, scratch in
      let capture = try await lan["client"].capture()
      let node = try await Node.start(
        on: lan["node"], in: scratch,
        Node.Settings(
          addresses: [address, address6],
          extra: "gratuitous: {schedule: [0ms, 100ms, 300ms], refresh: 0s}"))
      try await node.waitFor("announcing", address)
      try await lan["node"].ip("link", "set", "dev", "lan0", "arp", "off")
      try await node.waitFor("blocked", address)
      try await node.waitFor("blocked", address6)
      #expect(try await node.interface()?.reason?.contains("NOARP") == true)
      let start = wallClock()
      try await lan["node"].ip("link", "set", "dev", "lan0", "arp", "on")
      await eventually { !capture.frames.announcing(address).after(start).isEmpty }
      await eventually { !capture.frames.announcing(address6).after(start).isEmpty }
      try await node.waitFor("announcing", address)
    }
  }

  /// wire.md S11, end to end: after hundreds of events the daemon's view is the kernel's. (The overrun
  /// itself is provoked where the buffer can be chosen, in the tests of the monitor.)
  @Test func aStormOfLinkEventsEndsInTheKernelsState() async throws {
    try await withLAN { lan, scratch in
      let host = lan["node"]
      let node = try await Node.start(
        on: host, in: scratch, Node.Settings(interfaces: ["^lan0$", "^dm"], addresses: [address]))
      // 60 pairs of links made, set up and down, and half of them deleted: 500 events and more.
      let script = """
        for i in $(seq 60); do
          echo "link add name dm$i type veth peer name pm$i"
          echo "link set dev dm$i up"
          echo "link set dev dm$i down"
          echo "link set dev dm$i address 02:00:00:00:01:$(printf %02x $i)"
          echo "link set dev dm$i up"
          echo "link set dev lan0 down"
          echo "link set dev lan0 up"
          if [ $((i % 2)) = 0 ]; then echo "link delete dev dm$i"; fi
        done | ip -batch -
        """
      let result = try await host.run("sh", "-c", script)
      #expect(result.succeeded, "\(result.standardError)")
      let kernel = try await host.ip("-o", "link", "show").split(separator: "\n").compactMap {
        $0.split(separator: " ").dropFirst().first?.split(separator: "@").first
          .map { $0.filter { $0 != ":" } }
      }
      var names: [String] = []
      await eventually("the daemon sees \(names), the kernel has \(kernel)") {
        names = (try? await node.status().interfaces.map(\.name)) ?? []
        return names.sorted() == kernel.sorted()
      }
      #expect(kernel.count >= 62)
      try await node.waitFor("announcing", address)
      #expect(try await node.interface("dm59")?.hardwareAddress == "02:00:00:00:01:3b")
    }
  }

  /// wire.md S12: each setting is warned about once, by `check` and by `status`, with its remedy.
  @Test func theKernelsOwnSettingsAreWarnedAboutOnce() async throws {
    try await withLAN { lan, scratch in
      let host = lan["node"]
      try await host.sysctl([
        "net.ipv4.conf.all.arp_ignore": "0", "net.ipv4.conf.lan0.arp_ignore": "0",
        "net.ipv4.conf.all.arp_announce": "0", "net.ipv4.conf.lan0.arp_announce": "0",
        "net.ipv4.conf.lan0.proxy_arp": "1", "net.ipv4.ip_forward": "1",
        "net.ipv4.conf.lan0.forwarding": "1",
      ])
      try await host.addAddress("10.80.0.2/16")
      try await host.addAddress("\(address)/32", link: "lo")
      let node = try await Node.start(
        on: host, in: scratch, Node.Settings(addresses: ["10.80.8.150-10.80.8.153"]))
      let remedies = ["arp_ignore=", "arp_announce=", "proxy_arp=0"]
      var warnings: [String] = []
      await eventually("warnings: \(warnings)") {
        warnings = (try? await node.status().warnings) ?? []
        return remedies.allSatisfy { remedy in warnings.contains { $0.contains(remedy) } }
      }
      let check = try await host.run(
        Program.path, "check", "--config", node.configuration, "--output", "json")
      let checked = try CheckOutput(check.standardOutput).warnings
      for remedy in remedies {
        #expect(warnings.count { $0.contains(remedy) } == 1, "\(remedy) in \(warnings)")
        #expect(checked.count { $0.contains(remedy) } == 1, "\(remedy) in \(checked)")
        #expect(warnings.first { $0.contains(remedy) }?.contains("sysctl -w") == true)
        #expect(node.log.split(separator: "\n").count { $0.contains(remedy) } == 1)
      }
      // Put right, the warning goes with the next change that is looked at.
      try await host.sysctl(["net.ipv4.conf.lan0.proxy_arp": "0"])
      try await host.ip("address", "add", "10.80.0.3/16", "dev", "lan0")
      await eventually {
        (try? await node.status().warnings.contains { $0.contains("proxy_arp=0") }) == false
      }
    }
  }
}
