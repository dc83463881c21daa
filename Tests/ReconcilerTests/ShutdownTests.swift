import Announcer
import Lease
import Reconciler
import Testing
import Time
import Wire

/// Silence, then release, then nothing, in whatever state the node is (lease.md §2.4).
struct ShutdownTests {
  private static let ending = ["silence", "release and end", "wait"]

  @Test func beforeAnythingIsKnown() {
    var node = Transcript("10.0.0.1")
    node.reconciler.shutDown()
    #expect(node.steps(at: 0).filter { $0 != "release and end" } == ["silence", "wait"])
  }

  @Test func whileItAnnounces() {
    var node = Transcript("10.0.0.1", rounds: [.zero, .milliseconds(50)])
    node.serve(at: 0)
    _ = node.steps(at: 0)
    node.gain(until: 4000)
    _ = node.steps(at: 0)
    node.reconciler.shutDown()
    #expect(node.steps(at: 10) == Self.ending)
    #expect(node.reconciler.armed.isEmpty)
    // Nothing that comes later is answered with a step.
    node.gain(until: 5000)
    node.serve(at: 60)
    node.reconciler.shutDown()
    #expect(node.steps(at: 60) == ["wait"])
  }

  @Test func inTheMiddleOfAnything() {
    // After each number of steps that lead to an announcement.
    for count in 0..<8 {
      var node = Transcript("10.0.0.1", "2001:db8::1")
      node.serve(at: 0)
      node.gain(until: 4000)
      for _ in 0..<count { node.report(node.reconciler.next(at: node.at(0)), at: 0) }
      node.reconciler.shutDown()
      #expect(node.steps(at: 1) == Self.ending, "after \(count) steps")
    }
  }

  @Test func whileAnOutcomeIsAwaited() {
    var node = Transcript("10.0.0.1")
    node.serve(at: 0)
    _ = node.steps(at: 0)
    node.gain(until: 4000)
    let step = node.reconciler.next(at: node.at(0))
    #expect(node.text(step) == "arm 10.0.0.1")
    node.reconciler.shutDown()
    #expect(node.steps(at: 1) == Self.ending)
  }

  @Test func whileTheGateIsInDoubt() {
    var node = Transcript("10.0.0.1")
    node.serve(at: 0)
    node.gain(until: 4000)
    _ = node.steps(at: 0)
    node.see { $0.deadline = .distantPast }
    node.reconciler.shutDown()
    #expect(node.steps(at: 100) == Self.ending)
  }

  @Test func whileTheWireIsOutOfOrder() {
    var node = Transcript("10.0.0.1")
    node.serve(at: 0)
    _ = node.steps(at: 0)
    node.filters = "ENOMEM"
    node.gain(until: 4000)
    _ = node.steps(at: 0)
    node.reconciler.shutDown()
    #expect(node.steps(at: 100) == Self.ending)
  }

  @Test func whileItAsksFirst() {
    var node = Transcript("10.0.0.1")
    node.asksFirst = true
    node.serve(at: 0)
    #expect(node.steps(at: 0).contains("is 10.0.0.1 free?"))
    node.reconciler.shutDown()
    #expect(node.steps(at: 100) == Self.ending)
  }
}
