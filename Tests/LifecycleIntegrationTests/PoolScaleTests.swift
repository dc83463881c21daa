import FoundationEssentials
import KubernetesTestKit
import LANTestKit
import Testing

/// Thousands of Services and hundreds of pools on a real API server. The figures are the release build's
/// (`make figures`); otherwise a tenth of the Services have to do.
@Suite(
  .needsLAN, .serialized, .timeLimit(.minutes(20)),
  .enabled(
    if: RealAPIServer.reasonNotAvailable == nil, "no kube-apiserver: see make test-kubernetes"))
struct PoolScaleTests {
  private let pools = 200
  private let services = Program.isMeasured ? 10_000 : 1000

  @Test func everyServiceGetsAnAddressSoonAndARestartWritesNothing() async throws {
    try await withRealCluster(["node-a"]) { try await run($0) }
  }

  private func run(_ cluster: RealCluster) async throws {
    let server = cluster.server
    try await fill(server)
    let kubeconfig = cluster.scratch.path("kubeconfig")
    try server.kubeconfig().replacing(
      "server: https://127.0.0.1:\(server.port)",
      with: "server: \(cluster.url)\n    tls-server-name: localhost"
    ).write(toFile: kubeconfig, atomically: true, encoding: .utf8)
    func start() async throws -> Node {
      try await Node.start(
        on: cluster.lan["node-a"], in: cluster.scratch,
        Node.Settings(
          name: "node-a", addresses: [],
          extra: "kubernetes: {kubeconfig: \(kubeconfig), addressPools: on}"))
    }
    let clock = ContinuousClock()
    let begin = clock.now
    let node = try await start()
    try await eventually(within: .seconds(300)) {
      try await node.pools().services.satisfied == services
    }
    let took = clock.now - begin
    print("measured: \(services) Services had addresses of \(pools) pools after \(took)")
    if Program.isMeasured { #expect(took < .seconds(60)) }
    let given = try await addresses(server)
    #expect(given.count == services && Set(given.values.map(\.address)).count == services)
    // The pools' own status comes last.
    try await eventually(within: .seconds(60)) {
      try await server.list(.pool()).allSatisfy { pool in
        pool["status"]["conditions"].array.contains { $0["type"] == "cilium.io/IPsUsed" }
      }
    }

    node.process.signal(15)
    _ = try await node.process.wait()
    let again = try await start()
    try await eventually(within: .seconds(60)) { try await again.pools().state == "giving" }
    try await server.apply(Self.service(services, of: pools))
    try await eventually(within: .seconds(60)) {
      try await addresses(server).count == services + 1
    }
    var after = try await addresses(server)
    after["web\(services)"] = nil
    #expect(after == given)
  }

  private struct Given: Hashable {
    let address: String
    let version: String
  }

  /// What each Service that has an address has.
  private func addresses(_ server: RealAPIServer) async throws -> [String: Given] {
    var given: [String: Given] = [:]
    for service in try await server.list(.service, in: "default") {
      guard let name = service["metadata"]["name"].string,
        let address = service["status"]["loadBalancer"]["ingress"].array.first?["ip"].string
      else { continue }
      given[name] = Given(
        address: address, version: service["metadata"]["resourceVersion"].string ?? "")
    }
    return given
  }

  private func fill(_ server: RealAPIServer) async throws {
    for pool in 0..<pools {
      try await server.apply(
        """
        {"apiVersion": "cilium.io/v2", "kind": "CiliumLoadBalancerIPPool",
         "metadata": {"name": "pool-\(pool)"},
         "spec": {"blocks": [{"cidr": "10.\(90 + pool / 100).\(pool % 100).0/24"}],
                  "serviceSelector": {"matchLabels": {"group": "\(pool)"}}}}
        """)
    }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<services {
        if number >= 16 { try await group.next() }
        group.addTask { try await server.apply(Self.service(number, of: pools)) }
      }
      try await group.waitForAll()
    }
  }

  private static func service(_ number: Int, of pools: Int) -> String {
    """
    {"apiVersion": "v1", "kind": "Service",
     "metadata": {"name": "web\(number)", "namespace": "default",
                  "labels": {"group": "\(number % pools)"}},
     "spec": {"type": "LoadBalancer", "ports": [{"port": 80}]}}
    """
  }
}
