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

  /// A lock ends with its process, and a process that ends takes a moment.
  @Test func withoutALeaseAMomentIsWaited() {
    let since = Instant.now
    let name = TakenName(other, since: since, lease: nil)
    #expect(!name.isCertain(at: since + .seconds(4)))
    #expect(name.isCertain(at: since + .seconds(5)))
  }
}
