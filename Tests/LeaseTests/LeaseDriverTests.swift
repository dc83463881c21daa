import Lease
import LeaseTestKit
import LinuxSystem
import Synchronization
import Testing
import Time
import Wire

/// The election on a store with TTL, in real time: T is 3 s, or 1.5 s where a test waits for its end.
struct LeaseDriverTests {
  private let store = MemoryStore(now: { .now })

  @Test(.timeLimit(.minutes(10)))
  func aNodeGainsKeepsAndReleases() async throws {
    try await withNode("a") { node in
      node.driver.compete(for: [x, y])
      try await node.until { $0.held.count == 2 }
      let first = try await node.until { $0.lastRenewal != nil && $0.health == .healthy }
      let later = try await node.until { $0.deadline > first.deadline }
      #expect(later.held == first.held)
      node.driver.compete(for: [x])
      try await node.until { $0.held.count == 1 }
      await eventually { store.holder(of: y) == nil }
      #expect(store.holder(of: x)?.node == "a")
    }
    // Shut down: nothing is left behind.
    #expect(store.holder(of: x) == nil)
    #expect(store.sessions.isEmpty)
  }

  @Test(.timeLimit(.minutes(10)))
  func aShutdownPassesTheClaimToTheOther() async throws {
    try await withNode("b") { other in
      try await withNode("a") { node in
        node.driver.compete(for: [x])
        try await node.until { $0.held.count == 1 }
        other.driver.compete(for: [x])
        let standby = try await other.until { $0.holders[x] != nil }
        #expect(standby.holders[x]?.node == "a")
      }
      let view = try await other.until { $0.held.count == 1 }
      #expect(view.holders.isEmpty)
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func aHolderCutOffIsSilentBeforeTheOtherTakesOver() async throws {
    try await withNode("b") { other in
      // Long, so that the time between the holder's silence and the end of its lease, a fifth of
      // this, is more than a busy machine takes to look.
      try await withNode("a", timeToLive: .seconds(10)) { node in
        node.driver.compete(for: [x])
        let held = try await node.until { $0.held.count == 1 }
        other.driver.compete(for: [x])
        try await other.until { $0.holders[x] != nil }
        node.client.set {
          $0.losesAnswers = true
          $0.isDeaf = true
        }
        // Answers are lost, so the store goes on renewing; cut it off both ways now.
        node.client.set { $0.losesRequests = true }
        let uncertain = try await node.until {
          $0.health == .uncertain && $0.error?.kind == .timedOut
        }
        #expect(uncertain.held == held.held)
        let lost = try await node.until { $0.health == .lost }
        #expect(lost.losses == [x: .deadlinePassed])
        #expect(store.holder(of: x)?.node == "a")
        await eventually {
          store.expire()
          return store.holder(of: x)?.node == "b"
        }
        try await other.until { $0.held.count == 1 }
        node.client.set { $0 = .init() }
        try await node.until { $0.holders[x]?.node == "b" }
      }
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func anAcquisitionWhoseAnswerIsLostIsFoundOutAbout() async throws {
    try await withNode("a") { node in
      try await node.until { if case .open = $0.session { true } else { false } }
      node.client.set { $0.losesAnswers = true }
      node.driver.compete(for: [x])
      await eventually { store.holder(of: x) != nil }
      node.client.set { $0.losesAnswers = false }
      try await node.until { $0.held.count == 1 }
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func lateAnswersOfGivenUpAttemptsDoNoHarm() async throws {
    try await withNode("a", timeToLive: .milliseconds(1500)) { node in
      node.driver.compete(for: [x])
      try await node.until { $0.held.count == 1 }
      node.client.set { $0.holdsAnswers = true }
      try await node.until { $0.health == .lost }
      node.client.set { $0.holdsAnswers = false }
      let view = try await node.until { $0.held.count == 1 }
      #expect(view.gained == 2)
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func revokedDeletedAndOverwrittenAreSeenAndRecoveredFrom() async throws {
    try await withNode("a") { node in
      node.driver.compete(for: [x])
      let first = try await node.until { $0.held.count == 1 }
      guard case .open(let id) = first.session else { return }
      store.revoke(id)
      let second = try await node.until { $0.lost == 1 && $0.held.count == 1 }
      #expect(second.session != first.session)
      store.deleteClaim(x)
      let third = try await node.until { $0.lost == 2 && $0.held.count == 1 }
      #expect(third.held[x]!.epoch > second.held[x]!.epoch)
      store.overwriteClaim(x, node: "garbage")
      let fourth = try await node.until { $0.held.isEmpty }
      #expect(fourth.losses[x] != nil)
      #expect(fourth.holders[x]?.node == "garbage")
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func whatTheWatchMissedIsFoundByTheReadAfterAStall() async throws {
    try await withNode("a") { node in
      node.driver.compete(for: [x])
      try await node.until { $0.held.count == 1 }
      store.overwriteClaim(x, node: "b", silently: true)
      node.driver.confirmOwnership()
      let view = try await node.until { $0.held.isEmpty }
      #expect(view.losses[x] == .takenBy(store.holder(of: x)!))
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func aSecondProcessOfTheSameNodeWaitsForTheFirst() async throws {
    try await withNode("a") { second in
      try await second.until { if case .open = $0.session { true } else { false } }
      try await withNode("a") { first in
        let view = try await first.until { if case .waiting = $0.session { true } else { false } }
        #expect(view.session == .waiting(for: store.sessions[0]))
        await second.driver.shutDown()
        try await first.until { if case .open = $0.session { true } else { false } }
      }
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func tenThousandAddressesComeInBatchesTheFirstOnesEarly() async throws {
    try await withNode("a") { node in
      let addresses = (0..<10_000).map { IPAddress.v4(IPv4Address(rawValue: 0x0a00_0000 + $0)) }
      node.driver.compete(for: Set(addresses))
      let first = try await node.until { !$0.held.isEmpty }
      #expect(first.held.count < 10_000)
      try await node.until { $0.held.count == 10_000 }
      node.driver.compete(for: [])
      await eventually { store.holder(of: addresses[9_999]) == nil }
    }
  }

  @Test func shutDownBeforeRunEndsIt() async {
    let driver = LeaseDriver(
      store: MemoryStoreClient(store), node: "a", timing: nil, now: { .now })
    await driver.shutDown()
    await driver.run()
    #expect(store.calls.isEmpty)
  }

  private func withNode(
    _ name: String, timeToLive: Duration = .seconds(30), _ body: (RunningNode) async throws -> Void
  ) async throws {
    let client = MemoryStoreClient(store)
    let timing = try LeaseTiming(timeToLive: timeToLive)
    let driver = LeaseDriver(store: client, node: name, timing: timing, now: { .now })
    let node = RunningNode(client: client, driver: driver)
    async let run: Void = driver.run()
    async let views: Void = node.recorder.record(driver.views)
    try await body(node)
    client.set { $0 = .init() }
    await driver.shutDown()
    await run
    await views
  }
}

/// A driver under test and its way to the store.
struct RunningNode {
  let client: MemoryStoreClient
  let driver: LeaseDriver
  let recorder = ViewRecorder()

  /// The first view from the last one on that satisfies the condition.
  @discardableResult
  func until(_ condition: (LeaseView) -> Bool) async throws -> LeaseView {
    let view = await recorder.until(condition)
    return try #require(view)
  }
}

/// Waits until something outside any stream is so.
func eventually(_ condition: () -> Bool) async {
  while !condition() {
    guard (try? await Task.sleep(for: .milliseconds(1))) != nil else { return }
  }
}
