import FoundationEssentials
import HTTPTransport
import LinuxSystem
import NIOHTTP1
import Synchronization
import Testing
import Time

@testable import Kubernetes

/// A consumer that keeps what it is told.
final class Follower: Sendable {
  private struct State {
    var objects: [String: String] = [:]
    var told: [String] = []
    var failures: [APIFailure] = []
  }
  private let state = Mutex(State())

  /// Names and versions.
  var objects: [String: String] { state.withLock { $0.objects } }
  /// What came, in short.
  var told: [String] { state.withLock { $0.told } }
  var failures: [APIFailure] { state.withLock { $0.failures } }
  func count(_ what: String) -> Int { told.filter { $0 == what }.count }

  private struct List: Decodable { let items: [Object] }
  private struct Event: Decodable {
    let type: String
    let object: Object
  }
  private struct Object: Decodable {
    let metadata: Metadata
    struct Metadata: Decodable {
      let name: String?
      let resourceVersion: String
    }
  }

  func take(_ news: ListWatchNews) {
    state.withLock { state in
      switch news {
      case .listed(let pages, let version):
        state.told.append("listed")
        state.objects = [:]
        for page in pages {
          let list = try? JSONDecoder().decode(List.self, from: Data(page))
          #expect(list != nil)
          for item in list?.items ?? [] {
            state.objects[item.metadata.name ?? "?"] = item.metadata.resourceVersion
          }
        }
        #expect(!version.isEmpty)
      case .event(let line):
        guard let event = try? JSONDecoder().decode(Event.self, from: Data(line)) else {
          Issue.record("no event: \(String(decoding: line, as: UTF8.self))")
          return
        }
        state.told.append(event.type)
        guard event.type != "BOOKMARK" else { return }
        let metadata = event.object.metadata
        state.objects[metadata.name ?? "?"] =
          event.type == "DELETED" ? nil : metadata.resourceVersion
      case .listening: state.told.append("listening")
      case .failed(let failure):
        state.told.append("failed")
        state.failures.append(failure)
      case .absent: state.told.append("absent")
      }
    }
  }
}

@Suite(.timeLimit(.minutes(1))) struct ListWatchTests {
  static let pace: ListWatchPace = {
    var pace = ListWatchPace(silence: .seconds(30))
    pace.pauses = .milliseconds(10) ... .milliseconds(50)
    pace.pausesWhenRefused = .milliseconds(50) ... .milliseconds(60)
    pace.pausesWhenAbsent = .milliseconds(50) ... .milliseconds(60)
    return pace
  }()

  /// Follows a collection that answers as `answer` says.
  private func follow(
    pageLimit: Int = 500, pace: ListWatchPace = Self.pace,
    answer: @escaping ScriptedAPI.Answer,
    _ body: (ScriptedAPI, Follower) async throws -> Void
  ) async throws {
    try await ScriptedAPI.run(answer: answer) { server in
      let client = try APIClient(access(server.url))
      let watch = ListWatch(
        client, path: "/things", query: [("labelSelector", "a=b")], pageLimit: pageLimit, pace: pace
      )
      let follower = Follower()
      let task = Task { await watch.run { follower.take($0) } }
      do {
        try await body(server, follower)
      } catch {
        task.cancel()
        throw error
      }
      task.cancel()
      await task.value
    }
  }

  @Test func aListAndWhatComesAfterIt() async throws {
    let things = FakeCollection("Thing")
    things.put("a")
    things.put("b")
    try await follow {
      things.answer($0, $1)
    } _: { server, follower in
      await eventually { follower.told == ["listed", "listening"] }
      #expect(follower.objects == ["a": "101", "b": "102"])
      things.put("c")
      things.put("a")
      things.delete("b")
      await eventually { follower.objects == ["a": "104", "c": "103"] }
      #expect(follower.told == ["listed", "listening", "ADDED", "MODIFIED", "DELETED"])
      let (list, watch) = (server.requests[0], server.requests[1])
      #expect(list["labelSelector"] == "a=b")
      #expect(list["limit"] == "500")
      #expect(list["resourceVersion"] == nil)
      #expect(watch["labelSelector"] == "a=b")
      #expect(watch["allowWatchBookmarks"] == "true")
      #expect(watch["resourceVersion"] == "102")
      let seconds = watch["timeoutSeconds"].flatMap { Int($0) } ?? 0
      #expect((300...600).contains(seconds))
    }
  }

  @Test func pages() async throws {
    let things = FakeCollection("Thing")
    for index in 10..<35 { things.put("t\(index)") }
    try await follow(pageLimit: 10) {
      things.answer($0, $1)
    } _: { server, follower in
      await eventually { follower.told.contains("listening") }
      #expect(follower.objects.count == 25)
      #expect(server.requests.map { $0["continue"] } == [nil, "t19", "t29", nil])
    }
  }

  @Test func aListThatGrewTooOldWhileItWasReadIsReadAtOnce() async throws {
    let things = FakeCollection("Thing")
    for index in 10..<35 { things.put("t\(index)") }
    try await follow(
      pageLimit: 10
    ) { request, exchange in
      if request["continue"] != nil {
        exchange.answer(status(410, "Expired", "too old"), status: 410)
      } else {
        things.answer(request, exchange)
      }
    } _: { server, follower in
      await eventually { follower.told == ["listed", "listening"] }
      #expect(follower.objects.count == 25)
      #expect(server.requests.map { $0["limit"] } == ["10", "10", nil, nil])
    }
  }

  @Test func aCutWatchGoesOnWhereItWas() async throws {
    let things = FakeCollection("Thing")
    try await follow {
      things.answer($0, $1)
    } _: { server, follower in
      await eventually { things.watchCount == 1 }
      things.put("a")
      await eventually { follower.objects["a"] != nil }
      things.bookmark()
      await eventually { follower.count("BOOKMARK") == 1 }
      let reached = things.version
      for cut in [things.cutWatches, things.endWatches] {
        let count = things.watchCount
        cut()
        await eventually { things.watchCount == count + 1 }
        #expect(server.requests.last?["resourceVersion"] == "\(reached)")
      }
      things.cutWatches()
      things.put("b")
      await eventually { follower.objects.keys.sorted() == ["a", "b"] }
      #expect(things.listCount == 1)
    }
  }

  /// Wherever the octets end, the consumer has what the server has in the end.
  @Test func aWatchCutAtAnyByte() async throws {
    let things = FakeCollection("Thing")
    let line = Mutex("")
    try await follow { request, exchange in
      let cut = line.withLock { line in
        defer { line = "" }
        return line
      }
      guard request["watch"] == "true", !cut.isEmpty else {
        return things.answer(request, exchange)
      }
      exchange.open()
      exchange.send(cut)
      exchange.end()
    } _: { _, follower in
      await eventually { follower.told.contains("listening") }
      for length in stride(from: 1, to: 100, by: 7) {
        things.cutWatches()
        things.put("t\(length)")
        let text =
          #"{"type":"ADDED","object":{"kind":"Thing","metadata":{"name":"t\#(length)","#
          + #""resourceVersion":"\#(things.version)"}}}"# + "\n"
        line.withLock { $0 = String(text.prefix(length)) }
        things.cutWatches()
        await eventually { follower.objects["t\(length)"] == "\(things.version)" }
      }
      // Half a line is no news, and no reason to begin anew.
      #expect(things.listCount == 1)
    }
  }

  @Test(arguments: [true, false])
  func whatIsHistoryIsListedAgain(_ isEvent: Bool) async throws {
    let things = FakeCollection("Thing")
    let hasGone = Mutex(false)
    try await follow { request, exchange in
      let isGone = hasGone.withLock { gone in
        defer { gone = false }
        return gone && request["watch"] == "true"
      }
      if isGone {
        exchange.answer(status(410, "Gone", "too old"), status: 410)
      } else {
        things.answer(request, exchange)
      }
    } _: { _, follower in
      things.put("a")
      await eventually { follower.objects["a"] != nil && things.watchCount == 1 }
      things.cutWatches()
      things.delete("a")
      things.put("b")
      if isEvent { things.compact() } else { hasGone.withLock { $0 = true } }
      await eventually { follower.objects.keys.sorted() == ["b"] }
      await eventually { follower.count("listed") == 2 }
      // That is how it goes, and no failure.
      #expect(follower.failures.allSatisfy { $0.kind == .unreachable })
    }
  }

  @Test func aSilentWatchIsNotTrusted() async throws {
    let things = FakeCollection("Thing")
    let isDeaf = Mutex(true)
    var pace = Self.pace
    pace.silence = .milliseconds(300)
    try await follow(
      pace: pace
    ) { request, exchange in
      if request["watch"] == "true", isDeaf.withLock({ $0 }) {
        exchange.open()
      } else {
        things.answer(request, exchange)
      }
    } _: { _, follower in
      await eventually { follower.told == ["listed", "listening"] }
      things.put("a")
      await eventually { follower.objects["a"] != nil }
      #expect(follower.count("listed") >= 2)
      #expect(follower.failures.first?.kind == .timedOut)
      #expect(follower.failures.first?.text.contains("nothing was heard for 300 ms") == true)
    }
  }

  @Test func bookmarksAreSignsOfLife() async throws {
    let things = FakeCollection("Thing")
    var pace = Self.pace
    pace.silence = .seconds(1)
    try await follow(pace: pace) {
      things.answer($0, $1)
    } _: { _, follower in
      await eventually { things.watchCount == 1 }
      let end = Instant.now + .seconds(3)
      while Instant.now < end {
        things.bookmark()
        try await Task.sleep(for: .milliseconds(20))
      }
      #expect(things.listCount == 1)
      #expect(follower.failures.isEmpty)
    }
  }

  /// A consumer that is slow is not a server that is silent.
  @Test func timeOfTheConsumersOwnIsNoSilence() async throws {
    let things = FakeCollection("Thing")
    var pace = Self.pace
    pace.silence = .milliseconds(800)
    try await ScriptedAPI.run {
      things.answer($0, $1)
    } _: { server in
      let client = try APIClient(access(server.url))
      let watch = ListWatch(client, path: "/things", pace: pace)
      let follower = Follower()
      let task = Task {
        await watch.run { news in
          if case .event = news { try? await Task.sleep(for: .milliseconds(1200)) }
          follower.take(news)
        }
      }
      await eventually { things.watchCount == 1 }
      things.put("a")
      await eventually { follower.objects["a"] != nil }
      things.put("b")
      await eventually { follower.objects["b"] != nil }
      #expect(follower.failures.isEmpty)
      #expect(things.listCount == 1)
      task.cancel()
      await task.value
    }
  }

  @Test(arguments: ["hello\n", "{\"type\":3}\n", "{\"type\":\"ADDED\"}\n", "\u{0}\n"])
  func garbageIsNamedAndAllIsReadAgain(_ garbage: String) async throws {
    let things = FakeCollection("Thing")
    try await follow {
      things.answer($0, $1)
    } _: { _, follower in
      await eventually { things.watchCount == 1 }
      things.send(garbage)
      await eventually { follower.count("listed") == 2 && things.watchCount == 2 }
      #expect(follower.failures.map(\.kind) == [.unintelligible])
      #expect(follower.failures.first?.text.contains("this is no event") == true)
    }
  }

  @Test func aLineWithoutAnEnd() async throws {
    let things = FakeCollection("Thing")
    let isOver = Mutex(false)
    try await follow { request, exchange in
      let isFirst = isOver.withLock { isOver in
        defer { if request["watch"] == "true" { isOver = true } }
        return !isOver
      }
      guard request["watch"] == "true", isFirst else { return things.answer(request, exchange) }
      exchange.open()
      await exchange.sendForEver(String(repeating: "x", count: 1 << 20))
    } _: { _, follower in
      await eventually { follower.count("listed") == 2 }
      #expect(follower.failures.first?.text.contains("a line longer than 32 MiB") == true)
    }
  }

  @Test func anErrorInTheStreamThatIsNotOfAge() async throws {
    let things = FakeCollection("Thing")
    try await follow {
      things.answer($0, $1)
    } _: { _, follower in
      await eventually { things.watchCount == 1 }
      things.send(
        #"{"type":"ERROR","object":{"kind":"Status","code":500,"message":"decoding failed"}}"#
          + "\n")
      await eventually { follower.count("listed") == 2 }
      #expect(follower.failures.map(\.kind) == [.unavailable])
      #expect(follower.failures.first?.text.contains("decoding failed") == true)
    }
  }

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
    try await follow(answer: failing(things, times: 3, 503, watches: watches)) { _, follower in
      await eventually { follower.told.last == "listening" }
      #expect(follower.count("failed") == 3)
      #expect(follower.count("listed") == 1)
      #expect(follower.failures.last?.text.contains("HTTP 503: not now") == true)
    }
  }

  @Test func retryAfterIsHonoured() async throws {
    let things = FakeCollection("Thing")
    let answer = failing(things, times: 1, 429, watches: true, headers: [("Retry-After", "1")])
    try await follow(answer: answer) { _, follower in
      await eventually { follower.told.contains("failed") }
      let start = Instant.now
      await eventually { follower.told.last == "listening" }
      #expect(Instant.now - start > .milliseconds(900))
    }
  }

  @Test func aMissingRightIsAskedForAgain() async throws {
    let things = FakeCollection("Thing")
    var pace = Self.pace
    pace.pausesWhenRefused = .seconds(1) ... .seconds(2)
    let answer = failing(things, times: 1, 403, watches: false)
    try await follow(pace: pace, answer: answer) { _, follower in
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
    try await follow { request, exchange in
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
      try await follow {
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
    try await follow {
      $1.answer(body)
    } _: { _, follower in
      await eventually { !follower.failures.isEmpty }
      #expect(follower.failures.first?.text.contains("does not go on where it said") == true)
    }
  }

  @Test func aServerThatEndsEveryWatchAtOnceIsNotFlooded() async throws {
    let things = FakeCollection("Thing")
    var pace = Self.pace
    pace.pauses = .milliseconds(400) ... .seconds(30)
    try await follow(
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
        let watch = ListWatch(client, path: "/things", pace: Self.pace)
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
