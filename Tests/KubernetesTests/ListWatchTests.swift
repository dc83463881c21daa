import FoundationEssentials
import HTTPTransport
import LinuxSystem
import NIOHTTP1
import Synchronization
import Testing
import Time

@testable import Kubernetes

/// Lists, watches, and what is lost in between.
@Suite(.timeLimit(.minutes(10))) struct ListWatchTests {
  @Test func aListAndWhatComesAfterIt() async throws {
    let things = FakeCollection("Thing")
    things.put("a")
    things.put("b")
    try await Follower.follow {
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
    try await Follower.follow(pageLimit: 10) {
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
    try await Follower.follow(
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
    try await Follower.follow {
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
    try await Follower.follow { request, exchange in
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
    try await Follower.follow { request, exchange in
      let isGone = hasGone.withLock { gone in
        guard request["watch"] == "true" else { return false }
        defer { gone = false }
        return gone
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

  /// A store that was put back from a backup; a watch from the future would be silent.
  @Test(arguments: [true, false])
  func anOlderHistoryIsNoticedWhenTheServerIsBack(_ isOlder: Bool) async throws {
    let (things, past) = (FakeCollection("Thing"), FakeCollection("Thing"))
    things.put("a")
    past.put("a")
    things.put("b")
    enum Phase { case before, away, after }
    let phase = Mutex(Phase.before)
    try await Follower.follow { request, exchange in
      switch phase.withLock({ $0 }) {
      case .before: things.answer(request, exchange)
      case .away: exchange.cut()
      case .after: (isOlder ? past : things).answer(request, exchange)
      }
    } _: { server, follower in
      await eventually { things.watchCount == 1 }
      phase.withLock { $0 = .away }
      things.cutWatches()
      // Cut, and once more where nobody listens.
      await eventually { follower.failures.count >= 2 }
      phase.withLock { $0 = .after }
      if isOlder {
        await eventually { follower.told.suffix(2) == ["restored", "listening"] }
        #expect(follower.objects == ["a": "101"])
        #expect(server.requests.suffix(3).map { $0["limit"] } == ["1", "500", nil])
        past.put("c")
        await eventually { follower.objects["c"] == "102" }
      } else {
        await eventually { things.watchCount == 2 }
        // Where the history stands, and not everything again.
        #expect(things.versionCount == 1 && things.listCount == 1)
        #expect(follower.count("listed") == 1 && follower.count("restored") == 0)
      }
    }
  }

  @Test func aSilentWatchIsNotTrusted() async throws {
    let things = FakeCollection("Thing")
    let isDeaf = Mutex(true)
    var pace = Follower.pace
    pace.silence = .milliseconds(300)
    try await Follower.follow(
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
    var pace = Follower.pace
    pace.silence = .seconds(1)
    try await Follower.follow(pace: pace) {
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
    var pace = Follower.pace
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
    try await Follower.follow {
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
    try await Follower.follow { request, exchange in
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
    try await Follower.follow {
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
}
