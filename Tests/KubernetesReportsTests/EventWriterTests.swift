import Cluster
import Kubernetes
import KubernetesTestKit
import LANTestKit
import Synchronization
import Testing
import Wire

@testable import KubernetesReports

struct EventWriterTests {
  private func event(
    _ reason: ServiceEvent.Reason = .announcing, _ message: String = "m"
  ) -> ServiceEvent {
    ServiceEvent(
      ObjectName("default", "web"), uid: "uid-1", address: IPAddress("10.0.0.1")!, reason: reason,
      message: message)
  }

  /// About one of many addresses of the Service.
  private func event(_ number: Int) -> ServiceEvent {
    var event = event()
    event.address = IPAddress("10.0.\(number / 250).\(number % 250 + 1)")
    return event
  }

  /// Runs a writer on `cluster` while `body` tells it of events and looks at what becomes of them.
  private func withWriter(
    _ cluster: any TestCluster, queue: EventQueue = EventQueue(),
    _ body: (AsyncStream<[ServiceEvent]>.Continuation) async throws -> Void
  ) async throws {
    let writer = EventWriter(try cluster.client(), node: "node-a", queue: queue)
    let (events, tell) = AsyncStream<[ServiceEvent]>.makeStream()
    let task = Task { await writer.run(events) { _ in } }
    do {
      try await body(tell)
    } catch {
      task.cancel()
      throw error
    }
    task.cancel()
    await task.value
  }

  private func found(_ cluster: any TestCluster) async throws -> [JSON] {
    try await cluster.list(.event, in: "default").filter {
      $0["involvedObject"]["name"].string == "web"
    }
  }

  @Test(arguments: TestClusterKind.available)
  func anEventIsWrittenAndCounted(kind: TestClusterKind) async throws {
    try await kind.run { cluster in
      try await withWriter(cluster) { tell in
        tell.yield([event(), event(.conflict, "c")])
        try await eventually { try await found(cluster).count == 2 }
        let written = try #require(
          try await found(cluster).first { $0["reason"].string == "Announcing" })
        #expect(written["type"].string == "Normal" && written["message"].string == "m")
        #expect(written["involvedObject"]["uid"].string == "uid-1")
        #expect(written["source"]["component"].string == "announcer")
        #expect(written["source"]["host"].string == "node-a")
        #expect(written["count"].int == 1)
        tell.yield([event(.announcing, "n")])
        try await eventually {
          try await found(cluster).contains {
            $0["count"].int == 2 && $0["message"].string == "n"
              && $0["metadata"]["name"] == written["metadata"]["name"]
          }
        }
        #expect(try await found(cluster).count == 2)
      }
    }
  }

  /// What has no event of its own is told of on the Node, where `kubectl describe node` shows it.
  @Test(arguments: TestClusterKind.available)
  func theRestOfAFloodIsOneEventOnTheNode(kind: TestClusterKind) async throws {
    try await kind.run { cluster in
      func ofNode() async throws -> [JSON] {
        try await cluster.list(.event, in: "default").filter {
          $0["involvedObject"]["kind"].string == "Node"
        }
      }
      let queue = EventQueue(capacity: 10, summing: .milliseconds(500))
      try await withWriter(cluster, queue: queue) { tell in
        func flood() { tell.yield((0..<100).map { event($0) }) }
        flood()
        try await eventually { try await ofNode().count == 1 }
        let summary = try #require(try await ofNode().first)
        #expect(
          summary["message"].string
            == "node-a announces 90 more addresses, without events of their own: "
            + "see `announcer status` on node-a")
        #expect(summary["reason"].string == "Announcing" && summary["type"].string == "Normal")
        let object = summary["involvedObject"]
        #expect(object["name"].string == "node-a" && object["uid"].string == "node-a")
        #expect(object["namespace"].string == nil)
        #expect(summary["source"]["host"].string == "node-a")
        try await eventually { try await found(cluster).count == 10 }
        // The same again is a number on the event that is there.
        flood()
        try await eventually { try await ofNode().first?["count"].int == 2 }
        #expect(try await ofNode().count == 1)
      }
    }
  }

  @Test func anEventThatSomebodyDeletedIsWrittenAnewAndCountedFromThere() async throws {
    let server = try await APIServer.start()
    try await withWriter(server) { tell in
      tell.yield([event()])
      try await eventually { try await found(server).count == 1 }
      let name = try #require(try await found(server).first?["metadata"]["name"].string)
      server.delete("events", "default", name)
      tell.yield([event(.announcing, "n")])
      try await eventually { try await found(server).first?["message"].string == "n" }
      #expect(try await found(server).first?["metadata"]["name"].string != name)
      #expect(try await found(server).first?["count"].int == 1)
      // From here on it is this one that is counted up.
      tell.yield([event(.announcing, "o")])
      try await eventually { try await found(server).first?["count"].int == 2 }
      #expect(try await found(server).count == 1)
    }
  }

  /// What a writer said became of its events.
  private final class Verdicts: Sendable {
    private let kinds = Mutex<[APIFailure.Kind?]>([])
    var all: [APIFailure.Kind?] { kinds.withLock { $0 } }
    func add(_ kind: APIFailure.Kind?) { kinds.withLock { $0.append(kind) } }
  }

  /// The next news may be hours away. What was refused is tried, and not written.
  @Test func aRightThatIsThereAgainIsNoticedWithoutNews() async throws {
    let server = try await APIServer.start()
    let writer = EventWriter(
      try server.client(), node: "node-a", retrialInterval: .milliseconds(50))
    let (events, tell) = AsyncStream<[ServiceEvent]>.makeStream()
    let verdicts = Verdicts()
    server.deny([.create], on: "events")
    await withTaskGroup(of: Void.self) { group in
      group.addTask {
        await writer.run(events) { verdicts.add($0?.kind) }
      }
      tell.yield([event()])
      await eventually { server.requestCount(.create, on: "events") >= 3 }
      #expect(verdicts.all == [.refused])
      server.allowAll()
      await eventually { verdicts.all == [.refused, nil] }
      group.cancelAll()
    }
    #expect(try await found(server).isEmpty)
  }

  @Test func aServerThatIsBusyIsAskedAgainAndARefusalHoldsNothingUp() async throws {
    let server = try await APIServer.start()
    server.faults.add(.throttle(retryAfter: 1), verbs: [.create], resources: ["events"], times: 1)
    try await withWriter(server) { tell in
      tell.yield([event()])
      try await eventually { try await found(server).count == 1 }
      server.deny([.create], on: "events")
      tell.yield([event(.conflict, "refused")])
      await eventually { server.requestCount(.create, on: "events") >= 3 }
      server.allowAll()
      tell.yield([event(.stopped, "s")])
      try await eventually {
        try await found(server).contains { $0["message"].string == "s" }
      }
      #expect(try await !found(server).contains { $0["message"].string == "refused" })
    }
  }
}
