import EtcdTestKit
import FoundationEssentials
import Lease
import LeaseEtcd
import LinuxSystem
import Testing
import Time
import Wire

/// Times on three members, printed for people; they are those of the build that runs the tests.
struct EtcdFiguresTests {
  private static let isWanted = ProcessInfo.processInfo.environment["ANNOUNCER_FIGURES"] != nil

  @Test(.enabled(if: isWanted, "set ANNOUNCER_FIGURES to see them"), .timeLimit(.minutes(10)))
  func timesOnThreeMembers() async throws {
    try await EtcdCluster.run(3, heartbeat: 30, election: 300) { cluster in
      let (a, b) = (try StoreClient(cluster.urls), try StoreClient(cluster.urls.reversed()))
      let (first, second) = (try await a.open("a"), try await b.open("b"))
      try await measure("renewal", rounds: 300) {
        _ = try await a.store.renew(first, within: .seconds(5))
      }
      for count in [1, 126, 500] {
        let wanted = addresses(count)
        let batches = stride(from: 0, to: count, by: 126).map {
          Array(wanted[$0..<min($0 + 126, count)])
        }
        func forEachBatch(
          _ body: @escaping @Sendable ([IPAddress]) async throws -> Void
        ) async throws {
          try await withThrowingTaskGroup { group in
            for batch in batches { group.addTask { try await body(batch) } }
            try await group.waitForAll()
          }
        }
        try await measure("acquisition of \(count)", rounds: 20) {
          try await forEachBatch { _ = try await a.acquire($0, first) }
        } after: {
          try await forEachBatch { batch in
            try await a.store.release(
              batch.map { ClaimReference(address: $0, epoch: nil) }, of: first,
              within: .seconds(5))
          }
        }
      }
      b.forget()
      var holder = (a, first)
      var candidate = (b, second)
      _ = try await a.acquire([x], first)
      try await measure("release to the successor's claim", rounds: 200) {
        let freed = Task { [candidate] in
          while !candidate.0.changes.contains(where: { if case .freed = $0 { true } else { false } }
          ) {
            try await Task.sleep(for: .microseconds(100))
          }
          _ = try await candidate.0.acquire([x], candidate.1)
        }
        try await holder.0.store.release(
          [ClaimReference(address: x, epoch: nil)], of: holder.1, within: .seconds(5))
        try await freed.value
      } after: {
        swap(&holder, &candidate)
        try await Task.sleep(for: .milliseconds(5))
        a.forget()
        b.forget()
      }
    }
  }

  private func measure(
    _ name: String, rounds: Int, _ body: () async throws -> Void,
    after: () async throws -> Void = {}
  ) async throws {
    var times: [Duration] = []
    for _ in 0..<rounds {
      let start = Instant.now
      try await body()
      times.append(Instant.now - start)
      try await after()
    }
    times.sort()
    let figures = [0.5, 0.9, 0.99].map { fraction in
      let time = times[Int(Double(times.count - 1) * fraction)].milliseconds
      return "p\(Int(fraction * 100)) \((time * 100).rounded() / 100) ms"
    }
    print("\(name): \(figures.joined(separator: ", "))")
  }
}
