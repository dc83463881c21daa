import KubernetesTestKit
import LANTestKit
import Testing

/// `kubectl delete node`, of one node and of all.
@Suite(.needsLAN, .serialized, .timeLimit(.minutes(10)))
struct NodesGoneLifecycleTests {
  @Test func aClusterWithoutNodeObjectsIsServedAndSaidToBe() async throws {
    try await withCluster { cluster in
      let server = cluster.server
      try server.put(Objects.policy())
      try server.put(Objects.service("web", "10.80.8.150"))
      let a = try await cluster.start("node-a")
      try await a.waitFor("announcing")
      let b = try await cluster.start("node-b")
      try await b.waitFor("standby")

      // One of several was meant: it hands over, as ever.
      server.delete("nodes", "", "node-a")
      try await b.waitFor("announcing")
      try await a.waitFor("blocked")
      #expect(try await a.address()?.reason?.contains("has no node called node-a") == true)

      // The last one goes: this one goes on, and the other may take over again.
      server.delete("nodes", "", "node-b")
      let words = "the cluster has no Node objects: this node goes on"
      for node in [a, b] {
        try await eventually { try await node.status().warnings.contains { $0.contains(words) } }
        try await node.waitForLog("warning", words)
        for what in ["10.80.8.150", "default/web"] {
          let explained = try await node.client.ask("explain", what).standardOutput
          #expect(explained.contains(words), "\(explained)")
        }
      }
      #expect(try await b.address()?.state == "announcing")
      try await a.waitFor("standby")

      // The holder's first: any Node ends the exception for those that lack theirs.
      for name in ["node-b", "node-a"] { try server.put(Objects.node(name)) }
      for node in [a, b] {
        try await eventually { try await !node.status().warnings.contains { $0.contains(words) } }
      }
      #expect(try await b.address()?.state == "announcing")
    }
  }
}
