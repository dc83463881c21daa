import EtcdTestKit
import KubernetesTestKit
import LANTestKit
import Testing

/// Which node gives addresses: one at a time, in every store, and the next one goes on from where it stopped.
@Suite(.needsLAN, .serialized, .timeLimit(.minutes(10)))
struct PoolGiverTests {
  enum Store: CaseIterable { case local, kubernetes, etcd }

  @Test(arguments: Store.allCases)
  func anotherNodeGoesOnWithoutMovingAnybody(store: Store) async throws {
    try await withCluster { cluster in
      try await cluster.withLease(in: store) { lease in
        let server = cluster.server
        try server.put(Objects.pool("lan", "10.80.8.150", "10.80.8.199"))
        for number in 0..<10 { try server.put(Objects.waiting("web\(number)")) }
        let a = try await cluster.startGiving("node-a", lease: lease("node-a"))
        await eventually { server.allHaveAddresses }
        await eventually { server.quietFor(pools: "lan", used: "10") }
        let b = try await cluster.startGiving("node-b", lease: lease("node-b"))
        try await eventually { try await b.pools().state == "standby" }
        #expect(try await b.pools().holder == "node-a")
        server.forgetRequests()
        // Killed, so that the successor knows nothing but what the server has.
        a.process.signal(9)
        try await eventually(within: .seconds(20)) { try await b.pools().state == "giving" }
        try server.put(Objects.waiting("web10"))
        await eventually { server.addresses("web10").count == 1 }
        // One write for the new Service, after its trial; none for those who have.
        let written = server.requests.filter {
          $0.verb == .patch && $0.resource == "services/status"
        }
        #expect(written.allSatisfy { $0.name == "web10" } && written.count <= 2, "\(written)")

        // Planned: the duty goes with the node that leaves.
        let c = try await cluster.startGiving("node-a", lease: lease("node-a"))
        try await eventually { try await c.pools().state == "standby" }
        #expect(try await b.client.ask("drain").succeeded)
        try await eventually { try await c.pools().state == "giving" }
        #expect(try await b.pools().state == "standby")
        let history = AddressHistory(server)
        #expect(history.clashes.isEmpty && history.moves.isEmpty, "\(history)")
      }
    }
  }

  /// The order of lease.md §2.4 for writes: who wakes up after his time writes nothing.
  @Test(arguments: [Store.kubernetes, .etcd])
  func aHolderThatWasFrozenGivesNothingMore(store: Store) async throws {
    try await withCluster { cluster in
      try await cluster.withLease(in: store) { lease in
        let server = cluster.server
        try server.put(Objects.pool("lan", "10.80.8.150", "10.80.8.199"))
        let a = try await cluster.startGiving("node-a", lease: lease("node-a"))
        try await eventually { try await a.pools().state == "giving" }
        let b = try await cluster.startGiving("node-b", lease: lease("node-b"))
        try await eventually { try await b.pools().state == "standby" }
        a.process.signal(19)
        try await eventually(within: .seconds(20)) { try await b.pools().state == "giving" }
        for number in 0..<5 { try server.put(Objects.waiting("web\(number)")) }
        await eventually { server.allHaveAddresses }
        await eventually { server.quietFor(pools: "lan", used: "5") }
        server.forgetRequests()
        a.process.signal(18)
        try await eventually { try await a.pools().state == "standby" }
        #expect(server.requestCount(.patch, on: "services/status") == 0)
        let history = AddressHistory(server)
        #expect(history.clashes.isEmpty && history.moves.isEmpty, "\(history)")
      }
    }
  }

  /// The watch lags: what the former giver and others wrote last has not come when the term begins.
  @Test func aTermBeginsWithWhatThereIs() async throws {
    try await withCluster { cluster in
      let server = cluster.server
      try server.put(Objects.pool("lan", "10.80.8.150", "10.80.8.199"))
      try server.put(Objects.waiting("web"))
      let a = try await cluster.startGiving("node-a")
      await eventually { server.quietFor(pools: "lan", used: "1") }
      let b = try await cluster.startGiving("node-b")
      try await eventually { try await b.pools().services.satisfied == 1 }
      server.faults.watchesAreFrozen = true
      try server.put(Objects.service("theirs", "10.80.8.151"))
      try server.put(Objects.waiting("late"))
      a.process.signal(9)
      try await eventually { try await b.pools().state == "giving" }
      await eventually { server.addresses("late") == ["10.80.8.152"] }
      #expect(server.faults.watchesAreFrozen)
    }
  }

  /// Two who do not know of each other, as after a slip in the configuration of the lease. No server compares
  /// two Services with each other; whoever sees that both have one address mends it.
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
      func given() -> [[String]] { (0..<30).map { server.addresses("web\($0)") } }
      await eventually(within: .seconds(20)) {
        server.allHaveAddresses && Set(given()).count == 30
      }
      await eventually { server.quietFor(pools: "lan", used: "30") }
      let clashes = AddressHistory(server).clashes
      let longest = clashes.map(\.duration).max() ?? .zero
      print("measured: \(clashes.count) addresses on two Services, for at most \(longest)")
      #expect(clashes.allSatisfy { $0.end != nil } && longest < .seconds(3), "\(clashes)")
      // What came of it stays.
      let before = given()
      try server.put(Objects.waiting("later"))
      await eventually { server.addresses("later").count == 1 }
      #expect(given() == before)
    }
  }
}

extension Cluster {
  /// Gives the value of `lease` for each node, with a duration of three seconds where there is one.
  fileprivate func withLease(
    in store: PoolGiverTests.Store, _ body: ((String) -> String?) async throws -> Void
  ) async throws {
    switch store {
    case .local: try await body { _ in nil }
    case .kubernetes: try await body { _ in "{backend: kubernetes, duration: 3s}" }
    case .etcd:
      try await EtcdCluster.run { etcd in
        var ways: [String: TCPProxy] = [:]
        defer { for way in ways.values { way.close() } }
        for (number, name) in ["node-a", "node-b"].enumerated() {
          let socket = try await lan[name].inNamespace {
            try BoundSocket(reachedAs: "10.80.0.\(number + 1)")
          }
          ways[name] = try TCPProxy(to: etcd.members[0].plan.clientPort, on: socket)
        }
        let leases = ways.mapValues {
          "{backend: etcd, duration: 3s, etcd: {endpoints: [\"\($0.url)\"]}}"
        }
        try await body { leases[$0] }
      }
    }
  }
}
