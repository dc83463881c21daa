import KubernetesTestKit
import LANTestKit
import Testing

/// What a node says whose addresses come and go by the hundred.
@Suite(.needsLAN, .serialized, .timeLimit(.minutes(10)))
struct ManyAddressesTests {
  @Test func manyAddressesAreSummedUpInTheLog() async throws {
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
  /// As many events as can be written in a minute are on the Services, and the rest are one event on the Node.
  @Test func manyAddressesAreSummedUpInEvents() async throws {
    try await withCluster { cluster in
      let server = cluster.server
      let count = 600
      for number in 0..<count {
        try server.put(
          Objects.service("web\(number)", "10.80.\(8 + number / 250).\(number % 250 + 1)"))
      }
      try server.put(Objects.policy())
      let node = try await cluster.start("node-a")
      try await eventually(within: .seconds(60)) {
        try await node.status().addresses.count { $0.state == "announcing" } == count
      }
      func told() -> (single: Int, summed: Int) {
        let events = server.objects("events").filter { $0["reason"].string == "Announcing" }
        let sums = events.filter { $0["involvedObject"]["kind"].string == "Node" }
        let summed = sums.compactMap { event in
          event["message"].string?.split(separator: " ").lazy.compactMap { Int($0) }.first
        }
        return (events.count - sums.count, summed.reduce(0, +))
      }
      await eventually(within: .seconds(90), "\(told())") {
        let told = told()
        return told.summed > 0 && told.single >= 250
      }
      #expect(told().single <= 350 && told().single + told().summed <= count, "\(told())")
    }
  }
}
