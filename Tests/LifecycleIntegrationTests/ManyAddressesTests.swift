import KubernetesTestKit
import LANTestKit
import Testing

/// The log of a node whose addresses come and go by the hundred, not all in the same moment.
@Suite(.needsLAN, .serialized, .timeLimit(.minutes(10)))
struct ManyAddressesLogTests {
  @Test func manyAddressesAreSummedUp() async throws {
    try await withCluster { cluster in
      let server = cluster.server
      try server.put(Objects.policy())
      let node = try await cluster.start("node-a")
      // No subnet of lan0 has them, and the first of the list is another one with each ten.
      let groups = 12
      for group in 0..<groups {
        for number in 0..<10 {
          let last = 10 * (groups - group) + number
          try server.put(Objects.service("web\(last)", "10.99.0.\(last)"))
        }
        try await eventually {
          try await node.status().addresses.count { $0.state == "announcing" } == 10 * (group + 1)
        }
      }
      try await node.waitForLog("gained: more, without lines of their own", within: .seconds(30))
      func lines(_ words: String) -> [Substring] {
        node.log.split(separator: "\n").filter { $0.contains(words) }
      }
      #expect(lines(" gained ").count < 10 * groups / 2, "\(node.log)")
      await eventually("each is told of once: \(node.log)") {
        let told = lines(" gained ").count
        let counted = lines("gained: more, without lines of their own").compactMap { line in
          line.split(separator: " ").first { $0.hasPrefix("count=") }
            .flatMap { Int($0.dropFirst("count=".count)) }
        }
        return told + counted.reduce(0, +) == 10 * groups
      }
      // 9, 19 and 109 more: once for each digit.
      #expect((1...3).contains(lines("more lie in no subnet").count), "\(node.log)")
      #expect(try await node.status().warnings.contains { $0.contains("and 119 more lie in no") })
    }
  }
}
