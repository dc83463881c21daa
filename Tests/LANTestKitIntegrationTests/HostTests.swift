import CLinux
import Glibc
import LANTestKit
import Testing
import Wire

@Suite(.needsLAN, .timeLimit(.minutes(10)))
struct HostTests {
  @Test func neighboursShowWhatTheKernelLearned() async throws {
    try await LAN.with(hosts: ["node", "client"]) { lan in
      let (node, client) = (lan["node"], lan["client"])
      try await node.addAddress("10.80.0.2/16")
      try await client.addAddress("10.80.0.1/16")
      #expect(try await client.neighbour("10.80.0.2") == nil)
      try await client.sendDatagram(to: "10.80.0.2")
      try await eventually {
        try await client.neighbour("10.80.0.2")?.state == ["REACHABLE"]
      }
      let entry = try #require(try await client.neighbour("10.80.0.2"))
      #expect(entry.hardwareAddress == (try await node.hardwareAddress()))
      #expect(entry.link == "lan0")
    }
  }

  @Test func sysctlsAreTheHostsOwn() async throws {
    try await LAN.with(hosts: ["a", "b"]) { lan in
      try await lan["a"].sysctl(["net.ipv4.conf.all.arp_ignore": "2"])
      for (host, value) in [("a", "2"), ("b", "0")] {
        let result = try await lan[host].run("sysctl", "-n", "net.ipv4.conf.all.arp_ignore")
        #expect(result.standardOutput == "\(value)\n")
      }
    }
  }

  @Test func framesGoOutAsTheyAreAndAreCaptured() async throws {
    try await LAN.with(hosts: ["a", "b"]) { lan in
      let capture = try await lan["b"].capture("arp")
      let mac = try await lan["a"].hardwareAddress()
      try await lan["a"].send(request(from: mac, target: [10, 80, 8, 150]))
      await eventually { !capture.frames.isEmpty }
      let frames = try await capture.stop()
      #expect(frames.count == 1)
      let frame = try #require(frames.first)
      #expect(frame.destination == .broadcast && frame.source == mac)
      #expect(frame.arp?.operation == 1 && frame.arp?.senderHardware == mac)
      #expect(frame.arp?.sender == IPv4Address(10, 80, 0, 1))
      #expect(frame.arp?.target == IPv4Address(10, 80, 8, 150))
      #expect(frame.wallClock > 1_700_000_000_000_000_000)
      #expect(!frame.asserts(.v4(IPv4Address(10, 80, 8, 150))))
    }
  }

  @Test func solicitationsAndAdvertisementsAreDecoded() async throws {
    try await LAN.with(hosts: ["node", "client"]) { lan in
      let address = try #require(IPv6Address("2001:db8::2"))
      try await lan["node"].addAddress("2001:db8::2/64")
      let capture = try await lan["client"].capture("icmp6")
      #expect(try await lan["client"].run("ndisc6", "-1", "2001:db8::2", "lan0").succeeded)
      let messages = try await capture.stop().filter { $0.neighbourDiscovery?.target == address }
      let solicitation = try #require(messages.first?.neighbourDiscovery)
      let answer = try #require(messages.first { $0.asserts(.v6(address)) }?.neighbourDiscovery)
      #expect(solicitation.type == 135 && solicitation.hopLimit == 255)
      #expect(solicitation.destination == address.solicitedNodeGroup)
      #expect(solicitation.linkLayerOption == (try await lan["client"].hardwareAddress()))
      #expect(answer.linkLayerOption == (try await lan["node"].hardwareAddress()))
      #expect(answer.isSolicited && answer.overrides && !answer.isRouter)
    }
  }

  @Test func aThreadInTheNamespaceSeesOnlyItsLinks() async throws {
    try await LAN.with(hosts: ["a"], link: "only0") { lan in
      let index = try await lan["a"].inNamespace { unsafe if_nametoindex("only0") }
      #expect(index != 0)
      #expect(unsafe if_nametoindex("only0") == 0)
    }
  }

  /// An ARP request as RFC 826 lays it out, from 10.80.0.1.
  private func request(from mac: MACAddress, target: [UInt8]) -> [UInt8] {
    let octets = (0..<6).map { UInt8(truncatingIfNeeded: mac.rawValue >> (40 - 8 * $0)) }
    return [UInt8](repeating: 0xff, count: 6) + octets + [8, 6, 0, 1, 8, 0, 6, 4, 0, 1] + octets
      + [10, 80, 0, 1] + [UInt8](repeating: 0, count: 6) + target
      + [UInt8](repeating: 0, count: 18)
  }
}
