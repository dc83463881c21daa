import FoundationEssentials
import KubernetesTestKit
import LANTestKit
import Testing

/// Services that get their addresses from pools, by whichever node has the duty.
@Suite(.needsLAN, .serialized, .timeLimit(.minutes(10)))
struct AddressPoolTests {
  @Test func aServiceGetsAnAddressAndItIsAnnounced() async throws {
    try await withCluster { cluster in
      let server = cluster.server
      try server.put(Objects.policy())
      try server.put(Objects.pool("lan", "10.80.8.150", "10.80.8.151"))
      try server.put(Objects.waiting("web"))
      let a = try await cluster.startGiving("node-a")
      try await a.waitFor("announcing")
      #expect(server.addresses("web") == ["10.80.8.150"])
      let condition = server.condition("web")
      #expect(condition["status"] == "True" && condition["reason"] == "satisfied")
      await eventually {
        server.objects("events").contains {
          $0["reason"] == "AddressAssigned" && $0["involvedObject"]["name"] == "web"
        }
      }
      await eventually {
        server.object("ciliumloadbalancerippools", "", "lan")?.condition("cilium.io/IPsUsed")[
          "message"]
          == "1"
      }

      // The second one has the second address, the third none.
      try server.put(Objects.waiting("web2"))
      await eventually { server.addresses("web2") == ["10.80.8.151"] }
      try server.put(Objects.waiting("web3"))
      await eventually { server.condition("web3")["reason"] == "out_of_ips" }
      #expect(server.addresses("web3") == [])
      await eventually {
        server.objects("events").contains { $0["reason"] == "AddressNotAssigned" }
      }

      // What one gives back goes to the one that waits, and not to anybody who has.
      server.delete("services", "default", "web")
      await eventually { server.addresses("web3") == ["10.80.8.150"] }
      #expect(server.addresses("web2") == ["10.80.8.151"])
    }
  }

  @Test func anotherNodeGoesOnWithoutMovingAnybody() async throws {
    try await withCluster { cluster in
      let server = cluster.server
      try server.put(Objects.policy())
      try server.put(Objects.pool("lan", "10.80.8.150", "10.80.8.199"))
      for number in 0..<10 { try server.put(Objects.waiting("web\(number)")) }
      let a = try await cluster.startGiving("node-a")
      await eventually { (0..<10).allSatisfy { server.addresses("web\($0)").count == 1 } }
      let given = (0..<10).map { server.addresses("web\($0)") }
      await eventually { server.quietFor(pools: "lan", used: "10") }
      let b = try await cluster.startGiving("node-b")
      try await eventually { try await b.pools().state == "standby" }
      #expect(try await b.pools().holder == "node-a")
      server.forgetRequests()
      // Killed, so that the successor knows nothing but what the server has.
      a.process.signal(9)
      try await eventually { try await b.pools().state == "giving" }
      try server.put(Objects.waiting("web10"))
      await eventually { server.addresses("web10").count == 1 }
      #expect((0..<10).map { server.addresses("web\($0)") } == given)
      // One write for the new Service; none for those who have.
      #expect(server.requestCount(.patch, on: "services/status") <= 2)

      // Planned: the duty goes with the node that leaves.
      let c = try await cluster.startGiving("node-a")
      try await eventually { try await c.pools().state == "standby" }
      #expect(try await b.client.ask("drain").succeeded)
      try await eventually { try await c.pools().state == "giving" }
      #expect(try await b.pools().state == "standby")
    }
  }

  @Test func aRestartWritesNothing() async throws {
    try await withCluster { cluster in
      let server = cluster.server
      try server.put(Objects.pool("lan", "10.80.8.150", "10.80.8.199"))
      for number in 0..<5 { try server.put(Objects.waiting("web\(number)")) }
      let a = try await cluster.startGiving("node-a")
      await eventually { server.quietFor(pools: "lan", used: "5") }
      a.process.signal(15)
      _ = try await a.process.wait()
      server.forgetRequests()
      let again = try await cluster.startGiving("node-a")
      try await eventually { try await again.pools().state == "giving" }
      // The next one shows that everything before it was decided.
      try server.put(Objects.waiting("later"))
      await eventually { server.addresses("later").count == 1 }
      let written = server.requests.filter { $0.verb == .patch && $0.resource == "services/status" }
      #expect(written.allSatisfy { $0.name == "later" }, "\(written)")
    }
  }

  @Test func withoutTheKindOfPoolsNothingIsTakenBack() async throws {
    try await withCluster { cluster in
      let server = cluster.server
      try server.put(Objects.pool("lan", "10.80.8.150", "10.80.8.199"))
      try server.put(Objects.waiting("web"))
      let a = try await cluster.startGiving("node-a")
      await eventually { server.addresses("web") == ["10.80.8.150"] }
      a.process.signal(15)
      _ = try await a.process.wait()
      try await server.uninstall(.pool())
      let again = try await cluster.startGiving("node-a")
      try await eventually { try await again.pools().state == "blocked" }
      #expect(try await again.pools().error?.contains("CiliumLoadBalancerIPPool") == true)
      #expect(server.addresses("web") == ["10.80.8.150"])
    }
  }

  @Test func whoeverTurnsItOffGivesNothingMore() async throws {
    try await withCluster { cluster in
      let server = cluster.server
      try server.put(Objects.pool("lan", "10.80.8.150", "10.80.8.199"))
      let a = try await cluster.startGiving("node-a")
      try await eventually { try await a.pools().state == "giving" }
      let text = try String(contentsOfFile: a.configuration, encoding: .utf8)
      try a.reload(text: text.replacing("addressPools: on", with: "addressPools: off"))
      try await eventually { try await a.pools().state == "off" }
      server.forgetRequests()
      try server.put(Objects.waiting("web"))
      try await eventually { try await a.pools().services.responsible == 1 }
      #expect(server.requestCount(.patch, on: "services/status") == 0)
      try a.reload(text: text)
      await eventually { server.addresses("web") == ["10.80.8.150"] }
    }
  }

  @Test func aMissingRightIsSaid() async throws {
    try await withCluster { cluster in
      let server = cluster.server
      server.deny([.patch], on: "services/status")
      try server.put(Objects.pool("lan", "10.80.8.150", "10.80.8.199"))
      try server.put(Objects.waiting("web"))
      let a = try await cluster.startGiving("node-a")
      try await eventually { try await a.pools().state == "blocked" }
      #expect(try await a.pools().error?.contains("services/status") == true)
    }
  }

  /// The order of LEASE §2.4 for writes: who wakes up after his time writes nothing.
  @Test func aHolderThatWasFrozenGivesNothingMore() async throws {
    try await withCluster { cluster in
      let server = cluster.server
      let lease = "{backend: kubernetes, duration: 3s}"
      try server.put(Objects.pool("lan", "10.80.8.150", "10.80.8.199"))
      let a = try await cluster.startGiving("node-a", lease: lease)
      try await eventually { try await a.pools().state == "giving" }
      let b = try await cluster.startGiving("node-b", lease: lease)
      try await eventually { try await b.pools().state == "standby" }
      a.process.signal(19)
      try await eventually(within: .seconds(20)) { try await b.pools().state == "giving" }
      for number in 0..<5 { try server.put(Objects.waiting("web\(number)")) }
      await eventually { (0..<5).allSatisfy { server.addresses("web\($0)").count == 1 } }
      await eventually { server.quietFor(pools: "lan", used: "5") }
      server.forgetRequests()
      a.process.signal(18)
      try await eventually { try await a.pools().state == "standby" }
      #expect(server.requestCount(.patch, on: "services/status") == 0)
      #expect(Set((0..<5).flatMap { server.addresses("web\($0)") }).count == 5)
    }
  }

  /// Two who do not know of each other, as after a slip in the lease: neither takes what the other gave.
  @Test func twoWhoGiveEndWithOneAddressEach() async throws {
    try await withCluster { cluster in
      let server = cluster.server
      try server.put(Objects.pool("lan", "10.80.8.150", "10.80.8.199"))
      let directories = ["a", "b"].map { cluster.scratch.path("claims-\($0)") }
      let a = try await cluster.startGiving(
        "node-a", lease: "{local: {directory: \(directories[0])}}")
      let b = try await cluster.startGiving(
        "node-b", lease: "{local: {directory: \(directories[1])}}")
      for node in [a, b] { try await eventually { try await node.pools().state == "giving" } }
      for number in 0..<30 { try server.put(Objects.waiting("web\(number)")) }
      await eventually(within: .seconds(20)) {
        let given = (0..<30).map { server.addresses("web\($0)") }
        return given.allSatisfy { $0.count == 1 } && Set(given).count == 30
      }
      await eventually { server.quietFor(pools: "lan", used: "30") }
      // What came of it stays.
      server.forgetRequests()
      let given = (0..<30).map { server.addresses("web\($0)") }
      try server.put(Objects.waiting("later"))
      await eventually { server.addresses("later").count == 1 }
      #expect((0..<30).map { server.addresses("web\($0)") } == given)
    }
  }

  @Test func peopleAreTold() async throws {
    try await withCluster { cluster in
      let server = cluster.server
      try server.put(Objects.pool("lan", "10.80.8.150", "10.80.8.159"))
      try server.put(Objects.pool("wrong", "192.0.2.1", "192.0.2.9"))
      try server.put(Objects.pool("garbled", "10.80.8.200", "10.80.8.190"))
      try server.put(Objects.waiting("web"))
      let a = try await cluster.startGiving("node-a", more: "metrics: {listen: \"127.0.0.1:9717\"}")
      await eventually { server.addresses("web") == ["10.80.8.150"] }
      let explained = try await a.client.ask("explain", "10.80.8.150").standardOutput
      #expect(explained.contains("pool lan gives it out"), "\(explained)")
      #expect(explained.contains("service default/web: has it"), "\(explained)")
      try await eventually {
        try await a.status().warnings.contains {
          $0.contains("pool wrong lies in no subnet of lan0")
        }
      }
      #expect(try await !a.status().warnings.contains { $0.contains("pool lan lies") })
      let pools = try await a.pools().pools
      #expect(pools.map(\.state) == ["invalid", "active", "active"])
      let text = try await a.host.run("curl", "-s", "http://127.0.0.1:9717/metrics").standardOutput
      for line in [
        #"announcer_pools_giving 1"#, #"announcer_pool_addresses{pool="lan",state="used"} 1"#,
        #"announcer_pool_addresses{pool="lan",state="available"} 9"#,
        #"announcer_pool_state{pool="garbled",state="invalid"} 1"#,
        #"announcer_pool_services{reason="satisfied"} 1"#,
      ] {
        #expect(text.contains(line), "\(line)")
      }
    }
  }

  @Test func anAPIServerThatFailsForAWhileCostsNobodyHisAddress() async throws {
    try await withCluster { cluster in
      let server = cluster.server
      try server.put(Objects.pool("lan", "10.80.8.150", "10.80.8.199"))
      let a = try await cluster.startGiving("node-a")
      try await eventually { try await a.pools().state == "giving" }
      let faults: [Fault.Effect] = [
        .status(500), .status(409), .loseAnswer, .cut, .truncate(20), .delay(.seconds(3)), .hang,
        .page(502, "<html>"), .throttle(retryAfter: 1),
      ]
      for fault in faults {
        server.faults.add(fault, resources: ["services/status"], times: 3)
        let name = "web-\(UInt32.random(in: 0 ... .max))"
        try server.put(Objects.waiting(name))
        #expect(
          await eventually(within: .seconds(30)) { server.addresses(name).count == 1 },
          "\(fault): \(a.log.suffix(500))")
      }
      let given = server.objects("services").map {
        $0["status"]["loadBalancer"]["ingress"].array.compactMap(\.["ip"].string)
      }
      #expect(given.count == faults.count && Set(given).count == faults.count)
      try await eventually { try await a.pools().error == nil }
    }
  }

  @Test func aStrangersAddressIsAdoptedAndNotFoughtOver() async throws {
    try await withCluster { cluster in
      let server = cluster.server
      try server.put(Objects.policy())
      try server.put(Objects.pool("lan", "10.80.8.150", "10.80.8.199"))
      try server.put(Objects.waiting("web"))
      let a = try await cluster.startGiving("node-a")
      await eventually { server.addresses("web") == ["10.80.8.150"] }
      try server.put(Objects.service("web", "10.80.8.177"))
      try await eventually { try await a.pools().foreign.contains { $0.contains("default/web") } }
      try server.put(Objects.waiting("web2"))
      await eventually { server.addresses("web2") == ["10.80.8.150"] }
      #expect(server.addresses("web") == ["10.80.8.177"])
    }
  }
}

extension Cluster {
  fileprivate func startGiving(
    _ name: String, lease: String? = nil, more: String = ""
  ) async throws -> Node {
    let kubeconfig = scratch.path("kubeconfig")
    try server.kubeconfig().write(toFile: kubeconfig, atomically: true, encoding: .utf8)
    return try await Node.start(
      on: lan[name], in: scratch,
      Node.Settings(
        name: name, addresses: [],
        extra: "kubernetes: {kubeconfig: \(kubeconfig), addressPools: on}\n\(more)", lease: lease),
      label: name)
  }
}

extension Objects {
  static func pool(_ name: String, _ start: String, _ stop: String) -> String {
    """
    {"apiVersion": "cilium.io/v2", "kind": "CiliumLoadBalancerIPPool",
     "metadata": {"name": "\(name)"}, "spec": {"blocks": [{"start": "\(start)", "stop": "\(stop)"}]}}
    """
  }

  /// A Service that nobody has given an address.
  static func waiting(_ name: String) -> String {
    """
    {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "\(name)", "namespace": "default"},
     "spec": {"type": "LoadBalancer", "ports": [{"port": 80}]}}
    """
  }
}

extension JSON {
  fileprivate func condition(_ type: String) -> JSON {
    self["status"]["conditions"].array.first { $0["type"].string == type } ?? .null
  }
}

extension APIServer {
  fileprivate func addresses(_ service: String) -> [String] {
    object("services", "default", service)?["status"]["loadBalancer"]["ingress"].array
      .compactMap(\.["ip"].string) ?? []
  }

  fileprivate func condition(_ service: String) -> JSON {
    object("services", "default", service)?.condition("cilium.io/IPAMRequestSatisfied") ?? .null
  }

  /// Whether the pool's own status, which is written last of all, says so.
  fileprivate func quietFor(pools name: String, used: String) -> Bool {
    object("ciliumloadbalancerippools", "", name)?.condition("cilium.io/IPsUsed")["message"].string
      == used
  }
}

/// What `announcer pools --output json` says, read without the program's own types.
struct NodePools: Decodable, Sendable {
  struct Pool: Decodable, Sendable {
    let name: String
    let state: String
    let used: String
    let total: String
  }

  struct Services: Decodable, Sendable {
    let responsible: Int
    let satisfied: Int
    let unsatisfied: [String: Int]
  }

  let state: String
  let holder: String?
  let error: String?
  let pools: [Pool]
  let services: Services
  let foreign: [String]
  let warnings: [String]
}

extension Node {
  func pools() async throws -> NodePools {
    let result = try await client.ask("pools", "--output", "json")
    return try JSONDecoder().decode(NodePools.self, from: Data(result.standardOutput.utf8))
  }
}
