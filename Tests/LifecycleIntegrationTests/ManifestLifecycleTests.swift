import FoundationEssentials
import LANTestKit
import Testing
import Wire

/// Objects in files: announced without an API server, and kept in step while the daemon runs.
@Suite(.needsLAN, .serialized, .timeLimit(.minutes(10)))
struct ManifestLifecycleTests {
  private static let web = """
    apiVersion: v1
    kind: Service
    metadata: {name: web, namespace: default, labels: {lan: "yes"}}
    spec: {type: LoadBalancer}
    status: {loadBalancer: {ingress: [{ip: 10.80.8.150}]}}
    """

  private static func policy(_ interfaces: String = "[lan0]", nodes: String = "{}") -> String {
    """
    apiVersion: cilium.io/v2alpha1
    kind: CiliumL2AnnouncementPolicy
    metadata: {name: lan}
    spec:
      loadBalancerIPs: true
      interfaces: \(interfaces)
      nodeSelector: \(nodes)
      serviceSelector: {matchLabels: {lan: "yes"}}
    """
  }

  @Test func servicesInFilesAreAnnouncedAndFollowed() async throws {
    try await withLAN { lan, scratch in
      let directory = scratch.path("manifests")
      try FileManager.default.createDirectory(
        atPath: directory, withIntermediateDirectories: true)
      func write(_ name: String, _ text: String) throws {
        try text.write(toFile: "\(directory)/\(name)", atomically: true, encoding: .utf8)
      }
      try write("web.yaml", Self.web)
      try write("policy.yaml", Self.policy())
      let settings = Node.Settings(
        addresses: ["10.80.8.1"], extra: "manifests: [\(directory)]")
      let node = try await Node.start(on: lan["node"], in: scratch, settings)
      try await node.waitFor("announcing")
      let address = try #require(try await node.address())
      #expect(
        address.origins == ["service default/web (policy lan), \(directory)/web.yaml:1"])
      let source = try #require(try await node.status().sources.first)
      #expect(source.name == "manifests" && source.place == directory && source.state == "synced")
      #expect(source.objects == ["Service": 1, "CiliumL2AnnouncementPolicy": 1])
      let capture = try await lan["client"].capture("arp")
      let asker = try await Asker(on: lan["client"], for: ["10.80.8.150"])
      await eventually { capture.frames.asserting("10.80.8.150").count >= 3 }
      asker.stop()

      // A policy that cannot be read leaves what was in force; the fault is told.
      try write("policy.yaml", Self.policy("[\"(\"]"))
      try await eventually {
        try await node.status().warnings.contains {
          $0.contains("policy lan") && $0.contains("interfaces")
        }
      }
      #expect(try await node.address()?.state == "announcing")

      // A selector that names other nodes: the address is wanted, but not from here.
      try write("policy.yaml", Self.policy(nodes: "{matchLabels: {rack: other}}"))
      try await node.waitFor("blocked")
      let reason = try await node.address()?.reason
      #expect(reason?.hasPrefix("policy lan selects other nodes: no Node document") == true)
      #expect(reason?.contains("labels: {rack: \"other\"}") == true)

      try write("policy.yaml", Self.policy())
      try await node.waitFor("announcing")
      // A pool without the address is most likely a slip.
      try write(
        "pool.yaml",
        """
        apiVersion: cilium.io/v2
        kind: CiliumLoadBalancerIPPool
        metadata: {name: lan}
        spec: {blocks: [{cidr: 10.80.9.0/24}]}
        """)
      try await eventually {
        try await node.status().warnings.contains(
          "10.80.8.150 is announced and lies in no CiliumLoadBalancerIPPool")
      }
      // The Service goes, its address with it; what the configuration states stays.
      try FileManager.default.removeItem(atPath: "\(directory)/web.yaml")
      try await eventually { try await node.address() == nil }
      #expect(try await node.address("10.80.8.1")?.state == "announcing")

      // A reload that names another place.
      let other = scratch.path("web.yaml")
      try Self.web.write(toFile: other, atomically: true, encoding: .utf8)
      try node.reload(
        Node.Settings(addresses: ["10.80.8.1"], extra: "manifests: [\(directory), \(other)]"))
      try await node.waitFor("announcing")
      #expect(
        try await node.address()?.origins == ["service default/web (policy lan), \(other):1"])
      try node.reload(Node.Settings(addresses: ["10.80.8.1"]))
      try await eventually { try await node.address() == nil }
    }
  }
}
