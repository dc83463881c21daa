import FoundationEssentials
import LANTestKit
import Testing
import Wire

/// Addresses that cannot be meant: nothing is sent for them, and people are told why.
@Suite(.needsLAN, .serialized, .timeLimit(.minutes(5)))
struct TakenAddressTests {
  /// By address, what is said of it.
  private static let taken = [
    "10.80.8.0": "it is the network address of lan0",
    "10.80.8.255": "it is the broadcast address of lan0",
    "2001:db8::": "it is the subnet-router anycast address of lan0",
    "10.80.8.254": "it is the default gateway on lan0",
    "2001:db8::fe": "it is the default gateway on lan0",
    "10.80.8.11": "it is the lease store's (http://10.80.8.11:2379)",
    "10.80.8.21": "it is an address of the node node-b",
  ]

  private static let nodeB = """
    {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "node-b"},
     "status": {"addresses": [{"type": "InternalIP", "address": "10.80.8.21"},
                              {"type": "Hostname", "address": "node-b"}]}}
    """

  /// With addresses of both families and a default route through each.
  private func prepare(_ host: Host) async throws {
    try await host.addAddress("10.80.8.2/24")
    try await host.ip("address", "add", "2001:db8::2/64", "dev", "lan0", "nodad")
    try await host.ip("route", "add", "default", "via", "10.80.8.254")
    try await host.ip("-6", "route", "add", "default", "via", "2001:db8::fe", "dev", "lan0")
  }

  @Test func whatIsSomethingElseIsNotAnnouncedAndCheckRefusesIt() async throws {
    try await withLAN(["node", "client"]) { lan, scratch in
      try await prepare(lan["node"])
      try Self.nodeB.write(
        toFile: scratch.path("nodes.yaml"), atomically: true, encoding: .utf8)
      let settings = Node.Settings(
        addresses: Self.taken.keys.sorted() + ["10.80.8.150"],
        extra: "manifests: [\(scratch.path("nodes.yaml"))]",
        lease: "{backend: etcd, etcd: {endpoints: [\"http://10.80.8.11:2379\"]}}")
      let capture = try await lan["client"].capture()
      let node = try await Node.start(on: lan["node"], in: scratch, settings, waits: false)
      try await eventually { try await node.statusIfServed() != nil }
      for (address, words) in Self.taken {
        try await node.waitFor("blocked", address)
        #expect(try await node.address(address)?.reason?.hasPrefix(words) == true, "\(address)")
        #expect(
          try await node.client.ask("explain", address).standardOutput.contains(words), "\(address)"
        )
        try await node.waitForLog("warning", "\(address) is not announced: \(words)")
      }
      let check = try await lan["node"].run(
        Program.path, "check", "--config", node.configuration)
      #expect(check.status == .exited(1))
      for (address, words) in Self.taken {
        #expect(
          check.standardOutput.contains("  configuration/test: \(address): \(words)"),
          "\(address): \(check.standardOutput)")
      }
      #expect(!check.standardOutput.contains("10.80.8.150: "))
      let mac = try await lan["node"].hardwareAddress()
      for frame in try await capture.stop().from(mac) {
        for address in Self.taken.keys {
          // What files say of nodes may come a moment after the links.
          let isAsked = frame.isProbe && frame.arp?.target == IPv4Address(address)
          #expect(!isAsked || address == "10.80.8.21", "\(address) was asked for")
          #expect(!frame.asserts(IPAddress(address)!), "\(address) was asserted")
        }
      }
    }
  }

  /// What changes while the daemon runs is followed.
  @Test func aGatewayThatComesAndGoesIsFollowed() async throws {
    try await withLAN(["node"]) { lan, scratch in
      let host = lan["node"]
      try await host.addAddress("10.80.8.2/24")
      let node = try await Node.start(on: host, in: scratch)
      try await node.waitFor("announcing")
      try await host.ip("route", "add", "default", "via", "10.80.8.150")
      try await node.waitFor("blocked")
      #expect(try await node.address()?.reason?.contains("the default gateway on lan0") == true)
      try await host.ip("route", "replace", "default", "via", "10.80.8.1")
      try await node.waitFor("announcing")
    }
  }

  @Test func aWholeSubnetIsPointedOutWithWhatIsLeftOut() async throws {
    try await withLAN(["node"]) { lan, scratch in
      try await prepare(lan["node"])
      let node = try await Node.start(
        on: lan["node"], in: scratch, Node.Settings(addresses: ["10.80.8.0/24"]))
      try await eventually {
        try await node.status().addresses(in: "announcing").count == 252
      }
      let words = "configuration/test has all of 10.80.8.0-10.80.8.255, the subnet of lan0"
      let left = """
        left out are 10.80.8.0 (the network address of lan0), 10.80.8.2 (this node's own address on lan0), 10.80.8.254 \
        (the default gateway on lan0), 10.80.8.255 (the broadcast address of lan0)
        """
      try await eventually {
        try await node.status().warnings.contains { $0.hasPrefix(words) && $0.hasSuffix(left) }
      }
      let check = try await lan["node"].run(
        Program.path, "check", "--config", node.configuration, "--output", "json")
      let document = try JSONValue(check.standardOutput)
      #expect(check.status == .exited(0), "\(check.standardOutput)")
      #expect("\(document["warnings"] ?? .null)".contains(words), "\(check.standardOutput)")
    }
  }
}
