import Lease
import LinuxSystem
import Testing
import Time

@testable import Daemon

struct TakenNameTests {
  private let other = SessionDescription(
    id: SessionID("7f3a"), node: "node-a", details: "host kube-3, pid 732")

  @Test func whatACrashLeftIsWaitedFor() {
    let since = Instant.now
    let name = TakenName(other, since: since, lease: .seconds(10))
    #expect(
      name.words(node: "node-a", at: since + .seconds(14))
        == "the name 'node-a' belongs to \(other); waiting for it to end")
  }

  @Test func whatOutlastsTheLeaseIsAlive() {
    let since = Instant.now
    let name = TakenName(other, since: since, lease: .seconds(10))
    #expect(!name.isCertain(at: since + .milliseconds(14_999)))
    #expect(name.isCertain(at: since + .seconds(15)))
    #expect(
      name.words(node: "node-a", at: since + .seconds(15)).hasPrefix(
        "the name 'node-a' belongs to \(other), which is alive: two daemons have this name"))
  }

  @Test func whatNeverEndsIsNoDaemon() {
    let since = Instant.now
    let key = SessionDescription(
      id: SessionID("0"), node: "node-a", details: "etcdctl del /announcer/nodes/node-a",
      neverEnds: true)
    let name = TakenName(key, since: since, lease: .seconds(10))
    for seconds in [1, 20] {
      #expect(
        name.words(node: "node-a", at: since + .seconds(seconds))
          == "the name 'node-a' belongs to session 0 of node node-a (etcdctl del /announcer/nodes/node-a)"
      )
    }
  }

  /// A lock ends with its process, and a process that ends takes a moment.
  @Test func withoutALeaseAMomentIsWaited() {
    let since = Instant.now
    let name = TakenName(other, since: since, lease: nil)
    #expect(!name.isCertain(at: since + .seconds(4)))
    #expect(name.isCertain(at: since + .seconds(5)))
  }

  // MARK: Whether people were told

  @Test func thatTheOtherSessionIsAliveIsSaidOnce() {
    let since = Instant.now
    var watch = NameWatch()
    #expect(watch.dueAt == .distantFuture)
    watch.update(.waiting(for: other), lease: .seconds(10), at: since)
    #expect(watch.taken?.other == other && watch.dueAt == since + .seconds(15))
    #expect(watch.tell(at: since + .seconds(14)) == nil)
    // The same session again, which a later view names too, begins nothing.
    watch.update(.waiting(for: other), lease: .seconds(10), at: since + .seconds(14))
    #expect(watch.tell(at: since + .seconds(15)) != nil)
    #expect(watch.tell(at: since + .seconds(16)) == nil && watch.dueAt == .distantFuture)
    #expect(watch.taken != nil)
  }

  @Test func aSessionThatFollowsAnotherIsWaitedForAsLong() {
    let since = Instant.now
    let next = SessionDescription(id: SessionID("81bc"), node: "node-a", details: "host kube-4")
    var watch = NameWatch()
    watch.update(.waiting(for: other), lease: .seconds(10), at: since)
    #expect(watch.tell(at: since + .seconds(15)) != nil)
    watch.update(.waiting(for: next), lease: .seconds(10), at: since + .seconds(15))
    #expect(watch.dueAt == since + .seconds(30))
    watch.update(.open(SessionID("9d01")), lease: .seconds(10), at: since + .seconds(16))
    #expect(watch.taken == nil && watch.dueAt == .distantFuture)
  }
}
