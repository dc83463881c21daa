import Cluster
import KubernetesTestKit
import LinuxSystem
import Synchronization
import Testing
import Time

@testable import Kubernetes

/// Watches that hear nothing: because nothing happens, or because they are deaf.
@Suite(.timeLimit(.minutes(10))) struct QuietWatchTests {
  /// All that a watch over a cluster has told.
  private final class Told: Sendable {
    private let news = Mutex<[ClusterNews]>([])
    var all: [ClusterNews] { news.withLock { $0 } }
    func take(_ one: ClusterNews) { news.withLock { $0.append(one) } }
  }

  private func pace(quiet: Duration = .seconds(1800)) -> ListWatchPace {
    var pace = Follower.pace
    pace.silence = .milliseconds(200)
    pace.quiet = quiet
    return pace
  }

  @Test func aQuietWatchIsConfirmedWithoutAList() async throws {
    let things = FakeCollection("Thing")
    things.put("a")
    try await Follower.follow(pace: pace()) {
      things.answer($0, $1)
    } _: { server, follower in
      await eventually { things.watchCount >= 4 }
      #expect(follower.failures.isEmpty)
      #expect(follower.count("quiet") >= 3)
      #expect(things.listCount == 1)
      // One object for each time, and on from where it was.
      #expect(things.versionCount >= 3)
      let watches = server.requests.filter { $0["watch"] == "true" }
      #expect(watches.allSatisfy { $0["resourceVersion"] == "101" })
      things.put("b")
      await eventually { follower.objects["b"] != nil }
      #expect(things.listCount == 1)
    }
  }

  /// The connection is there and nothing comes over it.
  @Test func aDeafWatchIsFoundWithoutAList() async throws {
    let things = FakeCollection("Thing")
    let isDeaf = Mutex(true)
    try await Follower.follow(pace: pace()) { request, exchange in
      let swallows = isDeaf.withLock { deaf in
        guard request["watch"] == "true" else { return false }
        defer { deaf = false }
        return deaf
      }
      if swallows { exchange.open() } else { things.answer(request, exchange) }
    } _: { _, follower in
      await eventually { follower.told == ["listed", "listening"] }
      things.put("a")
      await eventually { follower.objects["a"] != nil }
      #expect(follower.failures.isEmpty)
      #expect(things.listCount == 1)
    }
  }

  /// All watches are deaf, for as long as they are opened.
  @Test func aServerWhoseWatchesAreDeafIsFoundByAList() async throws {
    let things = FakeCollection("Thing")
    try await Follower.follow(pace: pace(quiet: .seconds(1))) { request, exchange in
      if request["watch"] == "true" { exchange.open() } else { things.answer(request, exchange) }
    } _: { _, follower in
      await eventually { follower.told == ["listed", "listening"] }
      things.put("a")
      await eventually { follower.objects["a"] != nil }
      #expect(things.listCount == 2)
      #expect(follower.failures.isEmpty)
    }
  }

  /// Once a bookmark or an event has come, more must come.
  @Test func aWatchThatFallsSilentIsNotTrusted() async throws {
    let things = FakeCollection("Thing")
    try await Follower.follow(pace: pace()) {
      things.answer($0, $1)
    } _: { _, follower in
      await eventually { things.watchCount == 1 }
      things.bookmark()
      await eventually { follower.count("listed") == 2 }
      #expect(follower.failures.first?.text.contains("nothing was heard for 200 ms") == true)
    }
  }

  /// A store that was put back from a backup without a cut: a watch from the future hears nothing.
  @Test func anOlderHistoryIsNoticedWhileItIsQuiet() async throws {
    let (things, past) = (FakeCollection("Thing"), FakeCollection("Thing"))
    things.put("a")
    things.put("b")
    past.put("a")
    let isPast = Mutex(false)
    try await Follower.follow(pace: pace()) { request, exchange in
      (isPast.withLock { $0 } ? past : things).answer(request, exchange)
    } _: { _, follower in
      await eventually { things.watchCount == 1 }
      isPast.withLock { $0 = true }
      await eventually { follower.count("restored") == 1 }
      #expect(follower.objects == ["a": "101"])
      #expect(follower.failures.isEmpty)
    }
  }

  @Test func aServerThatHangsIsNoQuietOne() async throws {
    let things = FakeCollection("Thing")
    var pace = pace()
    pace.patience = .milliseconds(500)
    let hangs = Mutex(false)
    try await Follower.follow(pace: pace) { request, exchange in
      if !hangs.withLock({ $0 }) { things.answer(request, exchange) }
    } _: { _, follower in
      await eventually { things.watchCount == 1 }
      hangs.withLock { $0 = true }
      await eventually { !follower.failures.isEmpty }
      #expect(follower.failures.first?.kind == .timedOut)
    }
  }

  /// All kinds, as API servers behave that send no bookmarks before a kind's first event.
  @Test func aQuietClusterIsNoTrouble() async throws {
    let server = try await APIServer.start()
    server.faults.bookmarksStop = true
    let client = try APIClient(access(server.url, .token(server.token)))
    let watch = Kubernetes.ClusterWatch(client, pace: pace())
    let news = Told()
    let task = Task { await watch.run() }
    let reading = Task { for await one in watch.news { news.take(one) } }
    func quiet(_ kind: ClusterObject.Kind) -> Int { news.all.count { $0 == .quiet(kind) } }
    await eventually { ClusterObject.Kind.allCases.allSatisfy { quiet($0) >= 3 } }
    let told = news.all
    for kind in ClusterObject.Kind.allCases {
      let lists = told.count { if case .replaced(kind, _, _, _) = $0 { true } else { false } }
      #expect(lists == 1, "\(kind)")
      #expect(watch.standings[kind]?.reconnections == 0, "\(kind)")
    }
    #expect(!told.contains { if case .trouble = $0 { true } else { false } })
    // What comes is heard.
    _ = try await server.apply(
      #"{"apiVersion":"v1","kind":"Service","metadata":{"name":"web","namespace":"default"},"#
        + #""spec":{"type":"ClusterIP","ports":[{"port":80}]}}"#)
    await eventually { watch.standings[.service]?.objectCount == 1 }
    task.cancel()
    await task.value
    await reading.value
  }
}
