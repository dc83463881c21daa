import KubernetesTestKit
import LANTestKit
import Testing

/// A pool that is the nodes' own LAN, which people write for want of another range.
@Suite(.needsLAN, .serialized, .timeLimit(.minutes(10)))
struct PoolOnTheLANTests {
  @Test func addressesOfNodesAreSparedAndTheLinksAreNamed() async throws {
    try await withCluster { cluster in
      let server = cluster.server
      try server.put(Objects.node("node-a", addresses: ["10.80.0.1"]))
      // The cluster does not know what this one has.
      try server.put(Objects.node("node-b"))
      try server.put(Objects.pool("lan", "10.80.0.1", "10.80.255.255"))
      try server.put(Objects.waiting("web"))
      let a = try await cluster.startGiving("node-a")
      await eventually { server.allHaveAddresses }
      #expect(server.addresses("web") == ["10.80.0.2"])
      for words in [
        "addresses of nodes, 10.80.0.1 (node-a)", "10.80.255.255 (the broadcast address of lan0)",
      ] {
        try await eventually("\(words)") {
          try await a.pools().warnings.contains { $0.contains(words) }
        }
      }
      let warnings = try await a.pools().warnings
      #expect(
        !warnings.contains { $0.contains("lan0 itself") }, "the cluster knows it: \(warnings)")

      let b = try await cluster.startGiving("node-b")
      // Its first snapshot may be older than what it reads of its links.
      try await eventually("what a node alone knows it says itself") {
        try await b.pools().warnings.contains { $0.contains("10.80.0.2 (lan0 itself)") }
      }
      let check = try await b.host.run(
        Program.path, "check", "--config", b.configuration, "--output", "json")
      let checked = try CheckOutput(check.standardOutput)
      #expect(check.status == .exited(0), "\(checked)")
      for words in [
        "10.80.0.1 (node-a)", "10.80.0.2 (lan0 itself)", "the broadcast address of lan0",
      ] {
        #expect(checked.warnings.count { $0.contains(words) } == 1, "\(words): \(checked.warnings)")
        try await eventually("\(words)") {
          try await b.status().warnings.contains { $0.contains(words) }
        }
      }
      // What is given stays, though a node says that it has it.
      try server.put(Objects.node("node-b", addresses: ["10.80.0.2"]))
      try server.put(Objects.waiting("other"))
      await eventually { server.addresses("other") == ["10.80.0.3"] }
      #expect(server.addresses("web") == ["10.80.0.2"])
    }
  }
}
