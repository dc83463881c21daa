import KubernetesTestKit
import LANTestKit
import Testing

/// Every fault does what it is for, and ends when it is taken away.
@Suite struct FaultsTests {
  private let leases = APIKind.lease.path(in: "default")

  @Test func throttlesSoManyTimes() async throws {
    let server = try await APIServer.start()
    server.faults.add(.throttle(retryAfter: 3), verbs: [.list], resources: ["leases"], times: 2)
    for _ in 0..<2 {
      let answer = try await server.call("GET", leases)
      expectRefusal(answer, 429, "TooManyRequests")
      #expect(answer.headers["retry-after"] == "3")
      #expect(answer.json["details"]["retryAfterSeconds"] == 3)
    }
    #expect(try await server.call("GET", leases).code == 200)
  }

  @Test func meetsWhatItIsFor() async throws {
    let server = try await APIServer.start()
    server.faults.add(.status(503), verbs: [.get], resources: ["leases"], names: ["a"])
    #expect(try await server.create(lease("a", in: "default")).code == 201)
    expectRefusal(try await server.call("GET", "\(leases)/a"), 503, "ServiceUnavailable")
    #expect(try await server.call("GET", "\(leases)/b").code == 404)
    #expect(try await server.call("GET", leases).code == 200)
    server.faults.clear()
    #expect(try await server.call("GET", "\(leases)/a").code == 200)
    server.faults.add(.page(502, "<html>Bad Gateway</html>"))
    let page = try await server.call("GET", "/version")
    #expect(page.code == 502 && page.text == "<html>Bad Gateway</html>")
    #expect(page.headers["content-type"] == "text/html")
  }

  @Test func hangsAndIsSlow() async throws {
    let server = try await APIServer.start()
    server.faults.add(.hang, verbs: [.create])
    await #expect(throws: (any Error).self) {
      try await server.call(
        "POST", leases, body: lease("a", in: "default"), within: .seconds(1))
    }
    #expect(try await server.list(.lease).isEmpty)
    server.faults.clear()
    server.faults.add(.delay(.milliseconds(200)))
    let began = ContinuousClock.now
    #expect(try await server.call("GET", leases).code == 200)
    #expect(ContinuousClock.now - began >= .milliseconds(200))
  }

  @Test func cutsBeforeAndAfterTheDeed() async throws {
    let server = try await APIServer.start()
    server.faults.add(.cut, verbs: [.create], times: 1)
    await #expect(throws: (any Error).self) {
      try await server.create(lease("a", in: "default"))
    }
    #expect(server.objects("leases").isEmpty)
    server.faults.add(.loseAnswer, verbs: [.create], times: 1)
    await #expect(throws: (any Error).self) {
      try await server.create(lease("a", in: "default"))
    }
    #expect(server.objects("leases").count == 1)
    server.faults.add(.truncate(40), verbs: [.list], times: 1)
    await #expect(throws: (any Error).self) { try await server.call("GET", leases) }
    #expect(try await server.list(.lease).count == 1)
  }

  @Test func freezesAndGoesOn() async throws {
    let server = try await APIServer.start()
    let watch = try await server.watch(leases)
    await eventually { server.watchCount() == 1 }
    server.freeze()
    async let late = server.create(lease("a", in: "default"))
    await #expect(throws: (any Error).self) {
      try await server.call("GET", "/version", within: .seconds(1))
    }
    try server.put(lease("b", in: "default"))
    #expect(watch.events.isEmpty)
    server.thaw()
    #expect(try await late.code == 201)
    await eventually { watch.summary == ["ADDED b", "ADDED a"] }
  }

  @Test func watchesFallSilent() async throws {
    var options = APIServer.Options()
    options.bookmarkInterval = .milliseconds(20)
    let server = try await APIServer.start(options)
    let watch = try await server.watch(leases, query: [("allowWatchBookmarks", "true")])
    await eventually { watch.events.count >= 2 }
    #expect(Set(watch.summary) == ["BOOKMARK"])
    server.faults.bookmarksStop = true
    // One that was on its way.
    try server.put(lease("a", in: "default"))
    await eventually { watch.summary.last == "ADDED a" }
    server.faults.watchesAreFrozen = true
    try server.put(lease("b", in: "default"))
    #expect(try await server.list(.lease).count == 2)
    #expect(watch.summary.last == "ADDED a")
    server.faults.watchesAreFrozen = false
    await eventually { watch.summary.last == "ADDED b" }
    server.faults.bookmarksStop = false
    await eventually { watch.summary.last == "BOOKMARK" }
    #expect(!watch.isOver)
  }

  @Test func watchesLoseEvents() async throws {
    let server = try await APIServer.start()
    let watch = try await server.watch(leases)
    await eventually { server.watchCount() == 1 }
    server.faults.dropEvents { $0.type == "ADDED" && $0.name == "b" }
    for name in ["a", "b", "c"] { try server.put(lease(name, in: "default")) }
    await eventually { watch.summary == ["ADDED a", "ADDED c"] }
    server.faults.dropEvents(where: nil)
    server.delete("leases", "default", "b")
    await eventually { watch.summary.last == "DELETED b" }
  }

  @Test func aWatchThatBeginsWhenItsKindHasGoneEnds() async throws {
    let server = try await APIServer.start()
    let path = APIKind.policy().path()
    server.faults.add(.delay(.milliseconds(200)), verbs: [.watch], times: 1)
    async let late = server.watch(path)
    await eventually { server.requestCount(.watch) == 1 }
    server.serveNoMore(.policy())
    let watch = try await late
    await eventually { watch.isOver }
    #expect(watch.events.isEmpty && watch.failure == nil)
    #expect(server.watchCount() == 0)
    #expect(try await server.watch(path).code == 404)
  }

  @Test(arguments: [1, 20, 300]) func cutsWatchesAtAnyByte(_ count: Int) async throws {
    let server = try await APIServer.start()
    server.faults.watchLimit = count
    let watch = try await server.watch(leases)
    try server.put(lease("a", in: "default"))
    try server.put(lease("b", in: "default"))
    await eventually { watch.isOver }
    #expect(watch.failure != nil)
    // What came is the beginning of a line, and no JSON.
    #expect(watch.events.last == .null)
    #expect(server.watchCount() == 0)
  }

  @Test func cutsWatchesAndSendsGarbage() async throws {
    let server = try await APIServer.start()
    let watch = try await server.watch(leases)
    let other = try await server.watch(APIKind.service.path())
    await eventually { server.watchCount() == 2 }
    server.faults.sendIntoWatches("garbage\n", of: "leases")
    await eventually { watch.events == [.null] }
    server.faults.cutWatches(of: "leases")
    await eventually { watch.isOver }
    #expect(!other.isOver && other.events.isEmpty)
    server.faults.cutConnections()
    await eventually { other.isOver && server.connectionCount == 0 }
  }

  @Test func refusesConnectionsAndComesBack() async throws {
    let server = try await APIServer.start()
    let watch = try await server.watch(leases)
    try server.put(lease("a", in: "default"))
    try await server.kill()
    await eventually { watch.isOver }
    await #expect(throws: (any Error).self) { try await server.call("GET", "/version") }
    try await server.restart()
    #expect(try await server.list(.lease).count == 1)
  }

  /// The future of the one is what the others are told; none sees changes in another order.
  @Test func allWatchesHearOneOrder() async throws {
    let server = try await APIServer.start()
    let watches = try await [server.watch(leases), server.watch(leases), server.watch(leases)]
    await eventually { server.watchCount() == 3 }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 0..<4 {
        group.addTask {
          for number in 0..<25 {
            let answer = try await server.create(lease("l\(writer)-\(number)", in: "default"))
            #expect(answer.code == 201)
          }
        }
      }
      try await group.waitForAll()
    }
    await eventually { watches.allSatisfy { $0.events.count == 100 } }
    let versions = watches.map { watch in
      watch.events.compactMap { UInt64($0["object"]["metadata"]["resourceVersion"].string ?? "") }
    }
    #expect(versions.allSatisfy { $0 == $0.sorted() && $0 == versions[0] })
  }
}
