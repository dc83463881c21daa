import FoundationEssentials
import Glibc
import Lease
import LeaseLocal
import LinuxSystem
import Synchronization
import Testing
import Time
import Wire

/// Preferences between stores on one directory.
@Suite(.timeLimit(.minutes(10)))
struct LocalPreferenceTests {
  private let directory = TestDirectory()
  private var file: String { "\(directory.path)/\(x).preference" }

  @Test func aPreferenceIsHeardByAllAndListed() async throws {
    let (a, b) = (try await peer("a"), try await peer("b"))
    try await a.prefer(x, "b")
    await a.heard { $0[x] == .some("b") }
    await b.heard { $0[x] == .some("b") }
    #expect(try await a.read() == [x: "b"])
    #expect(try await b.read() == [x: "b"])
    #expect(contents(file).contains(#""preferred":"b""#))
    #expect(contents(file).contains(#""session":"\#(a.session)""#))
    // Its author may change its mind, and withdraw.
    try await a.prefer(x, "c")
    await b.heard { $0[x] == .some("c") }
    try await a.prefer(x, nil)
    await a.heard { $0[x] == .some(nil) }
    await b.heard { $0[x] == .some(nil) }
    #expect(try await b.read() == [:])
    #expect(names() == ["a.session", "b.session"])
  }

  @Test func aPreferenceOfAnotherLiveSessionStays() async throws {
    let (a, b) = (try await peer("a"), try await peer("b"))
    try await a.prefer(x, "a")
    try await b.prefer(x, "b")
    try await b.prefer(x, nil)
    #expect(try await a.read() == [x: "a"])
    #expect(try await b.read() == [x: "a"])
  }

  @Test func ofManyWritersAtOnceOneWins() async throws {
    for round in 0..<20 {
      let peers = [try await peer("a"), try await peer("b"), try await peer("c")]
      try await withThrowingTaskGroup { group in
        for peer in peers { group.addTask { try await peer.prefer(x, peer.node) } }
        try await group.waitForAll()
      }
      let winner = try await peers[0].read()[x]
      for peer in peers {
        #expect(try await peer.read()[x] == winner, "round \(round)")
        // The others' word counts for nothing.
        if peer.node != winner { try await peer.prefer(x, nil) }
      }
      #expect(try await peers[1].read()[x] == winner && winner != nil)
      for peer in peers { try await peer.close() }
      #expect(names() == ["a.session", "b.session", "c.session"])
    }
  }

  @Test func whoeverClaimsTheAddressEndsIt() async throws {
    let (a, b) = (try await peer("a"), try await peer("b"))
    // The first time the claim's file is new and has to settle, the second time it is not.
    for _ in 0..<2 {
      try await a.prefer(x, "a")
      try await a.prefer(y, "a")
      await b.heard { $0[x] == .some("a") && $0[y] == .some("a") }
      let answers = try await b.store.acquire([x], for: b.session, within: .seconds(1))
      #expect(answers[x].map { if case .acquired = $0 { true } else { false } } == true)
      #expect(try await b.read() == [y: "a"])
      await a.heard { $0[x] == .some(nil) }
      await b.heard { $0[x] == .some(nil) }
      // A holder that claims what it holds does nothing: what is preferred from now on stays.
      try await b.prefer(x, "a")
      _ = try await b.store.acquire([x], for: b.session, within: .seconds(1))
      #expect(try await a.read() == [x: "a", y: "a"])
      try await b.store.release(
        [ClaimReference(address: x, epoch: nil)], of: b.session, within: .seconds(1))
      // Giving it back is not claiming it.
      #expect(try await a.read()[x] == "a")
      try await b.prefer(x, nil)
      await a.heard { $0[x] == .some(nil) }
    }
  }

  @Test func itEndsWithItsAuthorsSession() async throws {
    let (a, b) = (try await peer("a"), try await peer("b"))
    try await a.prefer(x, "b")
    await b.heard { $0[x] == .some("b") }
    try await a.close()
    await b.heard { $0[x] == .some(nil) }
    #expect(names() == ["a.session", "b.session"])
    #expect(try await b.read() == [:])
    await #expect(throws: StoreFailure.self) { try await a.prefer(x, "b") }
  }

  @Test func itEndsWhenItsAuthorsSessionFileIsTakenAway() async throws {
    let (a, b) = (try await peer("a"), try await peer("b"))
    try await a.prefer(x, "b")
    await b.heard { $0[x] == .some("b") }
    deleteFile("\(directory.path)/a.session")
    await b.heard { $0[x] == .some(nil) }
    await a.heard { $0[x] == .some(nil) }
    #expect(names() == ["b.session"])
  }

  @Test func itsAuthorNoticesThatToo() async throws {
    let a = try await peer("a")
    try await a.prefer(x, "a")
    await a.heard { $0[x] == .some("a") }
    deleteFile("\(directory.path)/a.session")
    await a.heard { $0[x] == .some(nil) }
    #expect(names() == [])
  }

  @Test func itEndsWithItsAuthorsProcess() async throws {
    let b = try await peer("b")
    let victim = try Victim(
      directory: directory.path, node: "victim", preferences: ["\(x)=b", "\(y)=victim"])
    await b.heard { $0[x] == .some("b") && $0[y] == .some("victim") }
    #expect(try await b.read() == [x: "b", y: "victim"])
    victim.kill()
    let killed = Instant.now
    await b.heard { $0[x] == .some(nil) && $0[y] == .some(nil) }
    #expect(Instant.now - killed < .seconds(5))
    #expect(names() == ["b.session", "victim.session"])
    try await b.prefer(x, "b")
    #expect(try await b.read() == [x: "b"])
  }

  @Test func oneThatNobodyWatchedDieIsVoid() async throws {
    let victim = try Victim(directory: directory.path, node: "a", preferences: ["\(x)=a"])
    await victim.until { $0 == "0 preferred" }
    victim.kill()
    #expect(contents(file).contains(#""preferred":"a""#))
    // A new session of the same node is not its author.
    let a = try await peer("a")
    #expect(try await a.read() == [:])
    #expect(names() == ["a.session"])
  }

  @Test func whatIsNoRecordIsNoPreference() async throws {
    let a = try await peer("a")
    try "{".write(toFile: file, atomically: false, encoding: .utf8)
    #expect(try await a.read() == [:])
    #expect(contents(file) == "{")
    try await a.prefer(x, "a")
    #expect(try await a.read() == [x: "a"])
    makeDirectory("\(directory.path)/\(y).preference")
    await #expect(throws: StoreFailure.self) { try await a.prefer(y, "a") }
    // The others are not concerned.
    try await a.prefer(x, "b")
    #expect(try await a.read() == [x: "b"])
    #expect(names() == ["10.0.0.1.preference", "2001:db8::2.preference", "a.session"])
  }

  private func names() -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: directory.path)) ?? [])
      .filter { !$0.hasSuffix(".claim") }.sorted()
  }

  private func peer(_ node: String) async throws -> Peer {
    let store = try LocalLeaseStore(directory: directory.path)
    guard
      case .opened(let session, _) = try await store.open(
        node: node, timeToLive: nil, within: .seconds(1))
    else { throw StoreFailure(.refused, "the name \(node) is taken") }
    return Peer(store: store, node: node, session: session)
  }
}

/// A store with a session, and what it has heard.
private final class Peer: Sendable {
  let store: LocalLeaseStore
  let node: String
  let session: SessionID
  private let latest = Mutex<[IPAddress: String?]>([:])

  init(store: LocalLeaseStore, node: String, session: SessionID) {
    self.store = store
    self.node = node
    self.session = session
  }

  func prefer(_ address: IPAddress, _ node: String?) async throws(StoreFailure) {
    try await store.prefer(
      [Preference(address: address, node: node)], by: session, within: .seconds(1))
  }

  func read() async throws(StoreFailure) -> [IPAddress: String] {
    try await store.read(within: .seconds(1)).preferences
  }

  func close() async throws(StoreFailure) { try await store.close(session, within: .seconds(1)) }

  /// Waits until the news, the latest of each address, satisfies the condition.
  func heard(_ condition: ([IPAddress: String?]) -> Bool) async {
    if condition(latest.withLock { $0 }) { return }
    for await changes in store.changes {
      latest.withLock { latest in
        for case .preferred(let address, let node) in changes { latest[address] = .some(node) }
      }
      if condition(latest.withLock { $0 }) { return }
    }
    Issue.record("the news ended")
  }
}
