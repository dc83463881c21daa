import FoundationEssentials
import LANTestKit
import Testing
import Wire

/// Policies that are broken, gone and mended while people ask: what they leave out is never on the wire.
@Suite(.needsLAN, .serialized, .timeLimit(.minutes(10)))
struct FailClosedLifecycleTests {
  private static func service(_ name: String, _ address: String, labels: String) -> String {
    """
    apiVersion: v1
    kind: Service
    metadata: {name: \(name), labels: \(labels)}
    spec: {type: LoadBalancer, loadBalancerIP: \(address)}

    """
  }

  private static let services =
    service("web", "10.80.8.150", labels: "{public: \"yes\"}") + "---\n"
    + service("priv", "10.80.8.151", labels: "{}")

  private static let policy = """
    apiVersion: cilium.io/v2alpha1
    kind: CiliumL2AnnouncementPolicy
    metadata: {name: lan}
    spec:
      loadBalancerIPs: true
      serviceSelector: {matchLabels: {public: "yes"}}

    """

  @Test func whatAPolicyLeavesOutIsNeverAnnounced() async throws {
    try await withLAN { lan, scratch in
      let directory = scratch.path("manifests")
      try FileManager.default.createDirectory(
        atPath: directory, withIntermediateDirectories: true)
      func write(_ name: String, _ text: String) throws {
        try text.write(toFile: "\(directory)/\(name)", atomically: true, encoding: .utf8)
      }
      let capture = try await lan["client"].capture("arp")
      let asker = try await Asker(on: lan["client"], for: ["10.80.8.150", "10.80.8.151"])
      // The colon behind `spec` is missing.
      try write("policy.yaml", Self.policy.replacing("spec:", with: "spec"))
      try write("services.yaml", Self.services)
      let settings = Node.Settings(addresses: ["10.80.8.1"], extra: "manifests: [\(directory)]")
      let node = try await Node.start(on: lan["node"], in: scratch, settings)
      try await node.waitFor("announcing", "10.80.8.1")
      try await eventually {
        try await node.status().warnings.contains { $0.contains("policy.yaml:5:") }
      }
      #expect(try await node.address() == nil)
      let check = try await node.host.run(Program.path, "check", "--config", node.configuration)
      #expect(check.status == .exited(1))
      #expect(check.standardOutput.contains("policy.yaml:5:"))

      try write("policy.yaml", Self.policy)
      try await node.waitFor("announcing")
      // Gone for as long as it takes to be seen, and there again, as `git checkout` does it.
      try FileManager.default.removeItem(atPath: "\(directory)/policy.yaml")
      try await eventually { try await node.address() == nil }
      try write("policy.yaml", Self.policy)
      try await node.waitFor("announcing")
      // Emptied, and written by somebody else a moment later.
      try "".write(toFile: "\(directory)/policy.yaml", atomically: false, encoding: .utf8)
      try await eventually { try await node.address() == nil }
      let explanation = try await node.client.ask("explain", "10.80.8.151")
      #expect(explanation.standardOutput.contains("the policies are gone"))
      try write("policy.yaml", Self.policy)
      try await node.waitFor("announcing")

      await eventually { capture.frames.asserting("10.80.8.150").count >= 3 }
      asker.stop()
      #expect(capture.frames.asserting("10.80.8.151").isEmpty)
    }
  }
}
