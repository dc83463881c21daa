import FoundationEssentials
import KubernetesTestKit
import LANTestKit
import LinuxSystem
import Testing
import Wire

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
    for object in try RealCluster.manifest("deploy/kubernetes/rbac.yaml") {
      try await cluster.create(object)
    }
    for name in ["node-a", "node-b"] { try await server.apply(Objects.node(name)) }
    try await server.apply(Objects.policy())
    try await server.apply(Objects.service("web", "10.80.8.150"))

    let kubeconfig = try await cluster.kubeconfig()

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

  /// `check --store` finds the rights of the manifest enough, and names one that is missing before a daemon needs it.
  @Test func aRightThatIsMissingIsNamed() async throws {
    try await withRealCluster(["node-a"]) { cluster in
      let (server, scratch) = (cluster.server, cluster.scratch)
      for kind in [APIKind.policy(), .pool()] { try await server.install(kind) }
      for object in try RealCluster.manifest("deploy/kubernetes/rbac.yaml") {
        try await cluster.create(object)
      }
      try await server.apply(Objects.node("node-a"))
      let kubeconfig = try await cluster.kubeconfig()
      let file = scratch.path("c.yaml")
      try """
      node: node-a
      interfaces: ["^lan0$"]
      kubernetes: {kubeconfig: \(kubeconfig), addressPools: on}
      lease: {backend: kubernetes}

      """.write(toFile: file, atomically: true, encoding: .utf8)
      func check() async throws -> CommandResult {
        try await cluster.lan["node-a"].run(
          Program.path, "check", "--store", "--config", file)
      }
      let right = try await check()
      #expect(right.status == .exited(0), "\(right)")
      #expect(
        right.standardOutput.contains(
          "\n  \(cluster.url): Kubernetes v1.20.2, the Leases in namespace kube-system can be read, "
        ))
      #expect(!right.standardOutput.contains("may not"), "\(right.standardOutput)")
      #expect(!right.standardOutput.contains("not checked"), "\(right.standardOutput)")
      #expect(try await server.list(.lease, in: "kube-system").isEmpty, "nothing is written")

      for object in try RealCluster.manifest("deploy/kubernetes/rbac.yaml")
      where object["kind"] == "Role" {
        var reader = object
        reader["rules"] = .array([
          .object([
            "apiGroups": .array([.string("coordination.k8s.io")]),
            "resources": .array([.string("leases")]),
            "verbs": .array(["get", "list", "watch"].map { .string($0) }),
          ])
        ])
        try await cluster.replace(reader)
      }
      // The server hears of it by a watch of its own, and each check is a start of the program.
      var wrong = right
      let named = try await timeUntil(within: .seconds(60)) {
        wrong = try await check()
        return ["create", "patch", "delete"].allSatisfy {
          wrong.standardOutput.contains(
            "  kubernetes: this user may not \($0) leases.coordination.k8s.io in kube-system: ")
        } && !wrong.standardOutput.contains("may not list")
      }
      #expect(named != nil, "\(wrong)")
      #expect(wrong.status == .exited(1))
    }
  }
}
