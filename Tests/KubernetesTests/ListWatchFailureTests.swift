import FoundationEssentials
import HTTPTransport
import LinuxSystem
import NIOHTTP1
import Synchronization
import Testing
import Time

@testable import Kubernetes

/// Servers that will not or cannot, and what is asked of them then.
@Suite(.timeLimit(.minutes(10))) struct ListWatchFailureTests {
  /// Fails some requests first.
  private func failing(
    _ things: FakeCollection, times: Int, _ code: Int, watches: Bool,
    headers: [(String, String)] = []
  ) -> ScriptedAPI.Answer {
    let left = Mutex(times)
    return { request, exchange in
      let fails = left.withLock { left in
        guard left > 0, (request["watch"] == "true") == watches else { return false }
        left -= 1
        return true
      }
      if fails {
        exchange.answer(status(code, "Why", "not now"), status: code, headers: headers)
      } else {
        things.answer(request, exchange)
      }
    }
  }

  @Test(arguments: [true, false]) func theServerIsNotReady(_ watches: Bool) async throws {
    let things = FakeCollection("Thing")
    try await Follower.follow(answer: failing(things, times: 3, 503, watches: watches)) {
      _, follower in
      await eventually { follower.told.last == "listening" }
      #expect(follower.count("failed") == 3)
      #expect(follower.count("listed") == 1)
      #expect(follower.failures.last?.text.contains("HTTP 503: not now") == true)
    }
  }

  @Test func retryAfterIsHonoured() async throws {
    let things = FakeCollection("Thing")
    let answer = failing(things, times: 1, 429, watches: true, headers: [("Retry-After", "1")])
    try await Follower.follow(answer: answer) { _, follower in
      await eventually { follower.told.contains("failed") }
      let start = Instant.now
      await eventually { follower.told.last == "listening" }
      #expect(Instant.now - start > .milliseconds(900))
    }
  }

  @Test func aMissingRightIsAskedForAgain() async throws {
    let things = FakeCollection("Thing")
    var pace = Follower.pace
    pace.pausesWhenRefused = .seconds(1) ... .seconds(2)
    let answer = failing(things, times: 1, 403, watches: false)
    try await Follower.follow(pace: pace, answer: answer) { _, follower in
      await eventually { follower.told.contains("failed") }
      let start = Instant.now
      await eventually { follower.told.last == "listening" }
      // Somebody has to grant it first: there is no hurry.
      #expect(Instant.now - start > .milliseconds(900))
      #expect(follower.failures.map(\.kind) == [.refused])
    }
  }

  @Test func aKindThatIsInstalledLater() async throws {
    let things = FakeCollection("Thing")
    let isInstalled = Mutex(false)
    try await Follower.follow { request, exchange in
      if isInstalled.withLock({ $0 }) {
        things.answer(request, exchange)
      } else {
        exchange.answer("404 page not found\n", status: 404)
      }
    } _: { _, follower in
      await eventually { follower.count("absent") >= 2 }
      things.put("a")
      isInstalled.withLock { $0 = true }
      await eventually { follower.objects["a"] != nil }
      await eventually { things.watchCount == 1 }
      isInstalled.withLock { $0 = false }
      things.cutWatches()
      await eventually { follower.told.last == "absent" }
      isInstalled.withLock { $0 = true }
      await eventually { follower.told.last == "listening" }
      #expect(follower.count("listed") == 2)
    }
  }

  @Test func aListThatIsNone() async throws {
    for body in [good, #"{"kind":"ThingList","metadata":{}}"#] {
      try await Follower.follow {
        $1.answer(body)
      } _: { _, follower in
        await eventually { !follower.failures.isEmpty }
        #expect(follower.failures.first?.kind == .unintelligible)
        #expect(follower.failures.first?.text.contains("is no list of objects") == true)
      }
    }
  }

  @Test func aListThatTurnsInCircles() async throws {
    let body = #"{"kind":"ThingList","metadata":{"resourceVersion":"1","continue":"x"},"items":[]}"#
    try await Follower.follow {
      $1.answer(body)
    } _: { _, follower in
      await eventually { !follower.failures.isEmpty }
      #expect(follower.failures.first?.text.contains("does not go on where it said") == true)
    }
  }

  @Test func aServerThatEndsEveryWatchAtOnceIsNotFlooded() async throws {
    let things = FakeCollection("Thing")
    var pace = Follower.pace
    pace.pauses = .milliseconds(400) ... .seconds(30)
    try await Follower.follow(
      pace: pace
    ) { request, exchange in
      guard request["watch"] == "true" else { return things.answer(request, exchange) }
      exchange.open()
      exchange.end()
    } _: { server, follower in
      await eventually { follower.count("listening") >= 1 }
      let start = Instant.now
      await eventually { follower.count("listening") >= 4 }
      // At least half of 400, 800 and 1600 ms.
      #expect(Instant.now - start > .milliseconds(1390))
      #expect(things.listCount == 1)
    }
  }

  @Test func aTokenThatIsRefusedInAWatchIsReadAgain() async throws {
    try await Folder.run { folder in
      let things = FakeCollection("Thing")
      let token = Mutex("one")
      let file = try folder.write("token", "one")
      try await ScriptedAPI.run { request, exchange in
        guard request.headers["Authorization"] == ["Bearer \(token.withLock { $0 })"] else {
          return exchange.answer(status(401, "Unauthorized", "Unauthorized"), status: 401)
        }
        things.answer(request, exchange)
      } _: { server in
        let client = try APIClient(access(server.url, .tokenFile(file)))
        let follower = Follower()
        let watch = ListWatch(client, path: "/things", pace: Follower.pace)
        let task = Task { await watch.run { follower.take($0) } }
        await eventually { things.watchCount == 1 }
        token.withLock { $0 = "two" }
        try folder.write("token", "two")
        things.endWatches()
        await eventually { things.watchCount == 2 }
        #expect(follower.failures.isEmpty)
        task.cancel()
        await task.value
      }
    }
  }
}
