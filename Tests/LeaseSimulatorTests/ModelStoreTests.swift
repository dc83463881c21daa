import Lease
import Testing
import Time
import Wire

@testable import LeaseSimulator

/// The model keeps the promises of `LeaseStore`; a store that did not would prove nothing.
@Suite struct ModelStoreTests {
  private let x = IPAddress("10.0.0.1")!
  private let now = Moment(nanoseconds: 0)

  private func make() -> ModelStore {
    ModelStore(
      addresses: [x], leastTimeToLive: 2_000_000_000,
      clock: SimulatedClock(rate: 1_000_000, reading: 0, at: now))
  }

  private func ask(
    _ store: inout ModelStore, _ request: Call.Request, node: Int = 0
  ) -> Outcome {
    let call = Call(
      number: 1, request: request, sentAt: Instant(nanoseconds: 0), within: .seconds(1))
    return store.perform(Request(node: node, process: 1, call: call, sentAt: now), at: now)
  }

  @Test func aNameBelongsToOneSession() {
    var store = make()
    #expect(
      ask(&store, .open(node: "a", timeToLive: .seconds(1)))
        == .opening(.opened(SessionID("s1"), granted: .seconds(2))))
    #expect(
      ask(&store, .open(node: "a", timeToLive: .seconds(5)))
        == .opening(.nameTaken(by: SessionDescription(id: SessionID("s1"), node: "a"))))
    #expect(ask(&store, .close(SessionID("s1"))) == .done)
    #expect(
      ask(&store, .open(node: "a", timeToLive: .seconds(5)))
        == .opening(.opened(SessionID("s2"), granted: .seconds(5))))
  }

  @Test func aClaimIsTakenOnceAndAnswersItsOwnerAgain() {
    var store = make()
    _ = ask(&store, .open(node: "a", timeToLive: .seconds(2)))
    _ = ask(&store, .open(node: "b", timeToLive: .seconds(2)), node: 1)
    let (a, b) = (SessionID("s1"), SessionID("s2"))
    let first = ask(&store, .acquire([x], a))
    #expect(first == .acquisition([x: .acquired(Epoch(4))]))
    #expect(ask(&store, .acquire([x], a)) == first)
    #expect(
      ask(&store, .acquire([x], b))
        == .acquisition([x: .heldBy(Holder(node: "a", session: a, epoch: Epoch(4)))]))
    // A release of another epoch, or by another, releases nothing.
    _ = ask(&store, .release([ClaimReference(address: x, epoch: Epoch(3))], a))
    _ = ask(&store, .release([ClaimReference(address: x, epoch: nil)], b))
    #expect(store.claims[0] != nil)
    _ = ask(&store, .release([ClaimReference(address: x, epoch: Epoch(4))], a))
    #expect(store.claims[0] == nil)
    #expect(ask(&store, .acquire([x], b)) == .acquisition([x: .acquired(Epoch(6))]))
  }

  @Test func aPreferenceEndsWithTheClaimAndIsItsAuthors() {
    var store = make()
    _ = ask(&store, .open(node: "a", timeToLive: .seconds(2)))
    _ = ask(&store, .open(node: "b", timeToLive: .seconds(2)), node: 1)
    _ = ask(&store, .prefer([Preference(address: x, node: "b")], SessionID("s1")))
    _ = ask(&store, .prefer([Preference(address: x, node: nil)], SessionID("s2")))
    #expect(store.picture.preferences == [x: "b"])
    _ = ask(&store, .acquire([x], SessionID("s2")))
    #expect(store.picture.preferences.isEmpty)
  }

  @Test func theEndOfASessionFreesItsClaimsAndIsToldLast() {
    var store = make()
    _ = ask(&store, .open(node: "a", timeToLive: .seconds(2)))
    _ = ask(&store, .acquire([x], SessionID("s1")))
    _ = store.takeNews()
    store.end(0)
    let news = store.takeNews()
    #expect(news.changes == [.freed(x, Epoch(3)), .sessionEnded(SessionID("s1"))])
    #expect(news.touched == [0])
    #expect(ask(&store, .renew(SessionID("s1"))) == .renewal(.sessionGone))
    guard case .failed = ask(&store, .acquire([x], SessionID("s1"))) else {
      Issue.record("a session that is gone claims")
      return
    }
  }
}
