import Control
import LANTestKit
import Testing
import Wire

extension Scenarios {
  /// Which frames are answered, how, and which are not: the rules of RFC 826, 5227 and 4861, with
  /// frames made by hand and the whole program behind the wire.
  @Suite(.needsLAN, .timeLimit(.minutes(10)))
  struct WireRulesTests {
    private static let address = IPv4Address("10.80.8.150")!
    private static let address6 = IPv6Address("2001:db8::10")!
    private static let asker = IPv4Address("10.80.0.1")!
    private static let asker6 = IPv6Address("2001:db8::1")!

    /// A frame, and what happens to it.
    private struct Row {
      let name: String
      let frame: [UInt8]
      /// How `status` counts it; nil where the kernel's filter already drops it, unseen and uncounted.
      var reason: String?
      var isIPv6 = false
    }

    /// A node that announces both addresses and otherwise is quiet, and a client without addresses,
    /// whose kernel therefore is quiet too.
    private struct Bench {
      let daemon: Announcer
      let client: Host
      /// The node's hardware address, the client's, and one that no station has.
      let node: MACAddress
      let own: MACAddress
      let foreign = MACAddress("02:00:00:00:00:77")!

      static func with(_ body: (Bench) async throws -> Void) async throws {
        try await Scenario.with(hosts: ["node", "client"]) { scenario in
          // Where br_netfilter is loaded, a bridge checks ARP and IPv6 headers; a switch does not.
          try await scenario.lan.bridge.run(
            "sysctl", "-q", "-w", "net.bridge.bridge-nf-call-arptables=0",
            "net.bridge.bridge-nf-call-ip6tables=0")
          var settings = Settings("\(address)", "\(address6)")
          settings.schedule = ["0ms"]
          settings.refresh = "0s"
          let daemon = try await scenario.start(on: "node", settings)
          try await daemon.waitUntilAnnouncing()
          try await body(
            Bench(
              daemon: daemon, client: scenario["client"],
              node: scenario["node"].hardwareAddress(),
              own: scenario["client"].hardwareAddress()))
        }
      }

      func request(_ change: (inout ARPFrame) -> Void = { _ in }) -> [UInt8] {
        arp(change).octets
      }

      func arp(_ change: (inout ARPFrame) -> Void = { _ in }) -> ARPFrame {
        var frame = ARPFrame(whoHas: address, tell: asker, at: own)
        change(&frame)
        return frame
      }

      func solicitation(_ change: (inout NeighbourFrame) -> Void = { _ in }) -> [UInt8] {
        var frame = NeighbourFrame(whoHas: address6, tell: asker6, at: own)
        change(&frame)
        return frame.octets
      }

      /// What became of frames that were sent.
      struct Outcome {
        /// The node's answers, and how often it counted which reason not to answer.
        let answers: [CapturedFrame]
        let ignored: [String: UInt64]
        /// All answers in the capture until now.
        let total: Int
      }

      /// Sends frames, the last of which asks for an answer, and waits for it. On a machine that is busy with
      /// other things the node may come to them too late, and says so: then they are sent again.
      ///
      /// - Returns: nil where no answer came, which is recorded.
      func outcome(
        of frames: [[UInt8]], _ name: String, in capture: Capture
      ) async throws -> Outcome? {
        for _ in 0..<20 {
          let before = try await daemon.status().ignored
          let known = assertions(capture.frames).count
          func isLate() async throws -> Bool {
            try await daemon.status().ignored["stale", default: 0] > before["stale", default: 0]
          }
          try await client.send(frames)
          let isDecided = try await eventually("\(name): no answer") {
            if assertions(capture.frames).count > known { return true }
            return try await isLate()
          }
          guard isDecided else { return nil }
          if try await isLate() {
            // The last one may still be answered.
            _ = await timeUntil(within: .milliseconds(300)) {
              assertions(capture.frames).count > known
            }
            continue
          }
          let after = try await daemon.status().ignored
          let ignored = after.merging(before) { $0 - $1 }.filter { $0.value > 0 }
            .filter { before[$0.key] != after[$0.key] }
          let answers = assertions(capture.frames)
          return Outcome(
            answers: Array(answers[known...]), ignored: ignored, total: answers.count)
        }
        Issue.record("\(name): always too late")
        return nil
      }

      /// What the node asserts in the frames of a capture.
      func assertions(_ frames: [CapturedFrame]) -> [CapturedFrame] {
        frames.filter {
          $0.source == node && ($0.asserts(.v4(address)) || $0.asserts(.v6(address6)))
        }
      }
    }

    // MARK: Silence

    @Test func whatMustNotBeAnsweredIsNotAndIsCounted() async throws {
      try await Bench.with { bench in
        let rows = arpRows(bench) + neighbourRows(bench)
        let capture = try await bench.client.capture("arp or icmp6 or vlan")
        var total = 0
        for row in rows {
          // Behind it a question that is answered: then the row has been decided.
          let frames = [row.frame, row.isIPv6 ? bench.solicitation() : bench.request()]
          guard let outcome = try await bench.outcome(of: frames, row.name, in: capture)
          else { return }
          total = outcome.total
          let counted = outcome.ignored
          #expect(
            counted == (row.reason.map { [$0: 1] } ?? [:]), "\(row.name) is counted \(counted)")
          guard outcome.answers.count == 1 else {
            Issue.record("\(row.name) is answered")
            return
          }
        }
        #expect(try await bench.assertions(capture.stop()).count == total)
        for status in try await bench.daemon.status().addresses {
          #expect(status.conflict == nil, "a conflict where there was none")
        }
      }
    }

    private func arpRows(_ bench: Bench) -> [Row] {
      func row(_ name: String, _ reason: String?, _ change: (inout ARPFrame) -> Void) -> Row {
        Row(name: name, frame: bench.request(change), reason: reason)
      }
      let group = MACAddress("01:00:5e:00:00:01")!
      var rows = [0, 2, 3, 4, 8, 9, 23, 256].map { operation in
        row("ARP opcode \(operation)", "not-a-request") { $0.operation = operation }
      }
      rows += [
        row("hardware type 6", "malformed") { $0.hardwareType = 6 },
        row("protocol type IPv6", "malformed") { $0.protocolType = 0x86dd },
        row("hardware length 8", "malformed") { $0.hardwareLength = 8 },
        row("protocol length 16", "malformed") { $0.protocolLength = 16 },
        row("RARP", nil) { $0.etherType = 0x8035 },
        row("target not claimed", nil) { $0.target = IPv4Address("10.80.8.149")! },
        row("sender hardware address broadcast", "bad-sender-hardware-address") {
          $0.senderHardware = .broadcast
        },
        row("sender hardware address a group", "bad-sender-hardware-address") {
          $0.senderHardware = group
        },
        row("sender hardware address zero", "bad-sender-hardware-address") {
          $0.senderHardware = .zero
        },
        row("sender hardware address ours", "own-frame") { $0.senderHardware = bench.node },
        row("sender broadcast", "bad-sender-protocol-address") { $0.sender = .broadcast },
        row("sender multicast", "bad-sender-protocol-address") {
          $0.sender = IPv4Address("224.0.0.1")!
        },
        row("sender loopback", "bad-sender-protocol-address") {
          $0.sender = IPv4Address("127.0.0.1")!
        },
        row("to another host", nil) { $0.destination = bench.foreign },
        row("to a group", "other-host") { $0.destination = group },
        Row(name: "VLAN 5", frame: tagged(bench.request(), vlan: 5)),
        Row(name: "service tag", frame: tagged(bench.request(), vlan: 5, tag: 0x88a8)),
        Row(name: "VLAN 5 in VLAN 0", frame: tagged(tagged(bench.request(), vlan: 5), vlan: 0)),
      ]
      // 802.3 length, LLC and SNAP in front of ARP (RFC 1042).
      let arp = bench.arp()
      let snap = [0xaa, 0xaa, 3, 0, 0, 0, 8, 6] + arp.payload
      rows.append(
        Row(
          name: "LLC/SNAP",
          frame: arp.octets[..<12] + bigEndian(snap.count, 2) + snap))
      rows += (15..<42).map {
        Row(name: "ARP cut to \($0) octets", frame: Array(arp.octets[..<$0]), reason: "truncated")
      }
      return rows
    }

    private func neighbourRows(_ bench: Bench) -> [Row] {
      func row(_ name: String, _ reason: String?, _ change: (inout NeighbourFrame) -> Void) -> Row {
        Row(name: name, frame: bench.solicitation(change), reason: reason, isIPv6: true)
      }
      func option(_ octets: [UInt8]) -> [UInt8] { [1, 1] + octets }
      let node = bigEndian(Int(bench.node.rawValue), 6)
      var rows = [
        row("hop limit 254", "bad-hop-limit") { $0.hopLimit = 254 },
        row("code 1", "bad-code") { $0.code = 1 },
        row("wrong checksum", "bad-checksum") { $0.checksumError = 1 },
        row("version 5", "bad-ip-version") { $0.firstWord = 0x5000_0000 },
        row("20 octets of message", "truncated") { $0.cut = 20 },
        row("multicast target", "multicast-target") { $0.target = IPv6Address("ff02::10")! },
        row("option of length zero", "bad-option") { $0.options = [[14, 0, 0, 0, 0, 0, 0, 0]] },
        row("option beyond the end", "bad-option") { $0.options = [[14, 2, 0, 0, 0, 0, 0, 0]] },
        row("half an option", "bad-option") { $0.options = [[14]] },
        row("link-layer option of 16 octets", "bad-link-layer-option") {
          $0.options = [[1, 2] + Array(repeating: 2, count: 14)]
        },
        row("fragment", "fragmented") {
          $0.extensionHeader = (44, [58, 0, 0, 0, 0, 0, 0, 1])
        },
        row("source :: with a link-layer option", "bad-unspecified-source") { $0.source = .any },
        row("source :: to the address itself", "bad-unspecified-source") {
          $0.source = .any
          $0.options = []
          $0.destination = Self.address6
          $0.ethernetDestination = bench.node
        },
        row("source multicast", "bad-sender-protocol-address") {
          $0.source = IPv6Address("ff02::1")!
        },
        row("source loopback", "bad-sender-protocol-address") { $0.source = .loopback },
        row("link-layer option a group", "bad-sender-hardware-address") {
          $0.options = [option([0x33, 0x33, 0, 0, 0, 1])]
        },
        row("link-layer option zero", "bad-sender-hardware-address") {
          $0.options = [option([0, 0, 0, 0, 0, 0])]
        },
        row("link-layer option ours", "own-frame") { $0.options = [option(node)] },
        row("from our own hardware address", "own-frame") { $0.ethernetSource = bench.node },
        row("to another host", nil) { $0.ethernetDestination = bench.foreign },
        row("target not claimed", nil) { $0.target = IPv6Address("2001:db8::99")! },
        row("router solicitation", nil) { $0.type = 133 },
        row("echo request", nil) { $0.type = 128 },
        Row(name: "VLAN 5", frame: tagged(bench.solicitation(), vlan: 5), isIPv6: true),
      ]
      let whole = bench.solicitation()
      rows += (63..<whole.count).map {
        Row(
          name: "solicitation cut to \($0) octets", frame: Array(whole[..<$0]), reason: "truncated",
          isIPv6: true)
      }
      return rows
    }

    // MARK: Answers

    @Test func everyFormOfAnARPRequestIsAnswered() async throws {
      try await Bench.with { bench in
        let other = MACAddress("02:00:00:00:00:55")!
        let rows: [(String, [UInt8], MACAddress, IPv4Address)] = [
          ("broadcast", bench.request(), bench.own, Self.asker),
          ("unicast poll", bench.request { $0.destination = bench.node }, bench.own, Self.asker),
          ("probe", bench.request { $0.sender = .any }, bench.own, .any),
          (
            "another station's hardware address in the packet",
            bench.request { $0.senderHardware = other }, other, Self.asker
          ),
          (
            "a target hardware address", bench.request { $0.targetHardware = .broadcast },
            bench.own, Self.asker
          ),
          (
            "another subnet's sender", bench.request { $0.sender = IPv4Address("192.0.2.7")! },
            bench.own, IPv4Address("192.0.2.7")!
          ),
          ("priority tag", tagged(bench.request(), vlan: 0), bench.own, Self.asker),
          (
            "padding that is not zero",
            bench.request() + Array(repeating: 0xa5, count: 80), bench.own, Self.asker
          ),
        ]
        let capture = try await bench.client.capture("arp")
        var total = 0
        for (name, frame, target, targetAddress) in rows {
          guard let outcome = try await bench.outcome(of: [frame], name, in: capture),
            let answer = outcome.answers.first
          else { return }
          total = outcome.total
          #expect(answer.destination == target, "\(name)")
          #expect(
            answer.arp
              == CapturedFrame.ARP(
                operation: 2, senderHardware: bench.node, sender: Self.address,
                targetHardware: target, target: targetAddress), "\(name)")
          #expect(answer.octets.count >= 60, "\(name)")
          #expect(answer.octets.dropFirst(42).allSatisfy { $0 == 0 }, "\(name): padding")
        }
        #expect(try await bench.assertions(capture.stop()).count == total)
      }
    }

    @Test func everyFormOfASolicitationIsAnswered() async throws {
      try await Bench.with { bench in
        let toItself: (inout NeighbourFrame) -> Void = {
          $0.destination = Self.address6
          $0.ethernetDestination = bench.node
        }
        let allNodes = MACAddress("33:33:00:00:00:01")!
        let rows: [(String, [UInt8], MACAddress)] = [
          ("multicast", bench.solicitation(), bench.own),
          ("unicast", bench.solicitation(toItself), bench.own),
          (
            "unicast without option",
            bench.solicitation {
              toItself(&$0)
              $0.options = []
            }, bench.own
          ),
          ("multicast without option", bench.solicitation { $0.options = [] }, bench.own),
          (
            "another station's option",
            bench.solicitation { $0.options = [[1, 1, 2, 0, 0, 0, 0, 0x55]] },
            MACAddress("02:00:00:00:00:55")!
          ),
          (
            "unknown option, nonce and target option",
            bench.solicitation {
              $0.options += [[14, 1, 1, 2, 3, 4, 5, 6], [2, 1, 2, 0, 0, 0, 0, 9]]
              $0.options.append([200, 1, 0, 0, 0, 0, 0, 0])
            }, bench.own
          ),
          (
            "reserved field, traffic class, flow label",
            bench.solicitation {
              $0.flags = 0xff
              $0.firstWord = 0x6e01_2345
            }, bench.own
          ),
          (
            "trailer", bench.solicitation { $0.trailer = Array(repeating: 0xa5, count: 30) },
            bench.own
          ),
          ("priority tag", tagged(bench.solicitation(), vlan: 0), bench.own),
          (
            "duplicate address detection",
            bench.solicitation {
              $0.source = .any
              $0.options = []
            }, allNodes
          ),
        ]
        let capture = try await bench.client.capture("icmp6")
        var total = 0
        for (name, frame, destination) in rows {
          guard let outcome = try await bench.outcome(of: [frame], name, in: capture),
            let answer = outcome.answers.first
          else { return }
          total = outcome.total
          let isDetection = destination == allNodes
          #expect(answer.destination == destination, "\(name)")
          #expect(
            answer.neighbourDiscovery
              == CapturedFrame.NeighbourDiscovery(
                type: 136, hopLimit: 255, source: Self.address6,
                destination: isDetection ? IPv6Address("ff02::1")! : Self.asker6,
                target: Self.address6, flags: isDetection ? 0x20 : 0x60,
                linkLayerOption: bench.node), "\(name)")
        }
        #expect(try await bench.assertions(capture.stop()).count == total)
      }
    }

    @Test func fiftyQuestionsBackToBackGetFiftyAnswers() async throws {
      try await Bench.with { bench in
        let capture = try await bench.client.capture()
        try await bench.client.send(
          Array(repeating: bench.request(), count: 50)
            + Array(repeating: bench.solicitation(), count: 50))
        // What the node comes to too late, on a machine that is busy with other things, is counted.
        try await eventually("\(bench.assertions(capture.frames).count) answers") {
          let late = try await bench.daemon.status().ignored["stale", default: 0]
          return bench.assertions(capture.frames).count + Int(late) == 100
        }
        let answers = try await bench.assertions(capture.stop())
        let status = try await bench.daemon.status()
        #expect(status.addresses.map { Int($0.answers) }.reduce(0, +) == answers.count)
        #expect(answers.count > 50 && answers.contains { $0.arp != nil })
        #expect(status.ignored.keys.allSatisfy { $0 == "stale" })
      }
    }
  }
}
