import FoundationEssentials
import KubernetesTestKit
import LANTestKit
import LinuxSystem
import Testing
import Wire
import Yams

/// Everything at once against a real API server: our rights and no more, Services, Leases, events.
@Suite(
  .needsLAN, .serialized, .timeLimit(.minutes(10)),
  .enabled(
    if: RealAPIServer.reasonNotAvailable == nil, "no kube-apiserver: see make test-kubernetes"))
struct RealClusterTests {
  @Test func theRightsInTheManifestAreEnough() async throws {
    try await withRealCluster(["node-a", "node-b"]) { try await run($0) }
  }

  private func run(_ cluster: RealCluster) async throws {
    let (server, lan, scratch) = (cluster.server, cluster.lan, cluster.scratch)
    try await server.install(.policy())
    for object in try manifest("deploy/kubernetes/rbac.yaml") {
      try await create(object, on: server)
    }
    for name in ["node-a", "node-b"] { try await server.apply(Objects.node(name)) }
    try await server.apply(Objects.policy())
    try await server.apply(Objects.service("web", "10.80.8.150"))

    // The kubeconfig as an administrator makes it.
    let admin = scratch.path("admin")
    try server.kubeconfig().split(separator: "server:").joined(
      separator: "tls-server-name: localhost\n    server:"
    ).write(toFile: admin, atomically: true, encoding: .utf8)
    let kubeconfig = scratch.path("kubeconfig")
    let made = try await runCommand(
      [
        Program.path, "kubeconfig", "--from", admin, "--lifetime", "24h", "--output", kubeconfig,
        "--server", cluster.url,
      ])
    #expect(made.succeeded, "\(made.standardError)")

    func start(_ name: String) async throws -> Node {
      try await Node.start(
        on: lan[name], in: scratch,
        Node.Settings(
          name: name, addresses: [],
          extra: "kubernetes: {kubeconfig: \(kubeconfig), addressPools: on}",
          lease: "{backend: kubernetes, duration: 3s}"), label: name)
    }
    let a = try await start("node-a")
    try await a.waitFor("announcing")
    let b = try await start("node-b")
    try await b.waitFor("standby")
    #expect(try await b.address()?.holder == "node-a")
    let lease = try #require(
      try await server.get(.lease, in: "kube-system", "announcer-ip-10-80-8-150"))
    #expect(lease["spec"]["holderIdentity"].string?.hasPrefix("node-a") == true)

    // A policy with a fault: its status says so. An event tells the Service's story.
    try await server.apply(Objects.policy(interfaces: "("))
    try await eventually {
      try await server.get(.policy(), "lan")?["status"]["conditions"].array.first?["status"]
        == "True"
    }
    try await server.apply(Objects.policy())
    try await eventually {
      try await server.list(.event, in: "default").contains { $0["reason"] == "Announcing" }
    }

    // A pool, and a Service that gets an address of it.
    try await server.apply(Objects.pool("lan", "10.80.8.150", "10.80.8.159"))
    try await server.apply(Objects.waiting("pooled"))
    try await eventually {
      try await server.get(.service, "pooled")?["status"]["loadBalancer"]["ingress"].array.first?[
        "ip"]
        == "10.80.8.151"
    }
    try await eventually {
      try await server.list(.event, in: "default").contains { $0["reason"] == "AddressAssigned" }
    }
    try await eventually {
      try await server.get(.pool(), "lan")?["status"]["conditions"].array.contains {
        $0["type"] == "cilium.io/IPsUsed" && $0["message"] == "2"
      } == true
    }

    // Planned: at once. Then the cluster forgets who was there.
    a.process.signal(15)
    try await b.waitFor("announcing", within: .seconds(2))
    try await eventually { try await b.pools().state == "giving" }
    for node in [a, b] {
      #expect(!node.log.contains("forbidden"), "\(node.log)")
      // Beside other tests a handshake may take longer than a renewal waits.
      let errors = node.log.split(separator: "\n").filter {
        $0.contains("error=") && !$0.contains("in time")
      }
      #expect(errors.isEmpty, "\(node.log)")
    }
  }

  private func create(_ object: JSON, on server: RealAPIServer) async throws {
    let version = object["apiVersion"].string ?? ""
    let kind = object["kind"].string ?? ""
    let namespace = object["metadata"]["namespace"].string.map { "/namespaces/\($0)" } ?? ""
    let path =
      "\(version.contains("/") ? "/apis" : "/api")/\(version)\(namespace)/\(kind.lowercased())s"
    let answer = try await server.call("POST", path, body: object)
    #expect(answer.code == 201, "\(path): \(answer.text)")
  }

  /// The objects of a manifest of the project.
  private func manifest(_ path: String) throws -> [JSON] {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let text = try String(contentsOf: root.appending(path: path), encoding: .utf8)
    return try Yams.load_all(yaml: text).map(json)
  }

  private func json(_ value: Any) -> JSON {
    switch value {
    case let text as String: .string(text)
    case let list as [Any]: .array(list.map(json))
    case let object as [String: Any]: .object(object.mapValues(json))
    default: .string("\(value)")
    }
  }
}
