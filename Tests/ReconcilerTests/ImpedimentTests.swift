import Announcer
import Lease
import Reconciler
import Testing
import Wire

/// Held, but not answered: this must not last (lease.md §2.8).
struct ImpedimentTests {
  @Test func filtersThatAreRefusedGiveEverythingUpAndAreTriedAgain() {
    var node = Transcript("10.0.0.1")
    node.serve(at: 0)
    _ = node.steps(at: 0)
    node.gain(until: 4000)
    node.filters = "ENOMEM"
    #expect(
      node.steps(at: 0) == [
        "arm 10.0.0.1", "silence", "compete for nothing", "wait until 2000",
      ])
    #expect(node.reconciler.impediment?.filters == "ENOMEM")
    // The election has released it, and the kernel has memory again.
    node.filters = nil
    node.see { view in
      view.held = [:]
      view.competitions = 2
    }
    _ = node.steps(at: 100)
    #expect(node.steps(at: 1999) == ["wait until 2000"])
    #expect(node.steps(at: 2000) == ["compete for 10.0.0.1", "wait"])
    node.gain(until: 6000)
    #expect(
      node.steps(at: 2100).prefix(2) == ["arm 10.0.0.1", "announce 10.0.0.1 first"])
  }

  @Test func nothingIsAnnouncedBehindFiltersThatWereRefused() {
    var node = Transcript("10.0.0.1")
    node.serve(at: 0)
    _ = node.steps(at: 0)
    node.filters = "ENOMEM"
    node.gain(until: 4000)
    #expect(!node.steps(at: 0).contains { $0.hasPrefix("announce") })
    #expect(node.reconciler.armed.isEmpty)
  }

  @Test func whatCannotBeJoinedIsLeftToAnotherNodeAndTriedAgain() {
    var node = Transcript("10.0.0.1", "2001:db8::1", "2001:db8::2")
    node.failingGroups = [IPv6Address("ff02::1:ff00:2")!]
    node.serve(at: 0)
    _ = node.steps(at: 0)
    node.gain(until: 4000)
    #expect(
      node.steps(at: 0).filter { !$0.hasPrefix("a") } == [
        "join ff02::1:ff00:1 ff02::1:ff00:2", "compete for 10.0.0.1 2001:db8::1",
        "wait until 2000",
      ])
    #expect(Set(node.reconciler.armed.keys.map { "\($0.address)" }) == ["10.0.0.1", "2001:db8::1"])
    #expect(node.steps(at: 1999) == ["wait until 2000"])
    // It is being released: only what is competed for again, and held, is joined.
    node.failingGroups = []
    #expect(
      node.steps(at: 2000) == ["compete for 10.0.0.1 2001:db8::1 2001:db8::2", "wait"])
    node.see { $0.competitions = 3 }
    #expect(
      node.steps(at: 2100).prefix(2) == [
        "join ff02::1:ff00:1 ff02::1:ff00:2",
        "arm 10.0.0.1 2001:db8::1 2001:db8::2",
      ])
  }

  /// What can be served has changed: that may be what was missing.
  @Test func aChangeOfTheLinksIsTriedAtOnce() {
    var node = Transcript("10.0.0.1")
    node.serve(at: 0)
    _ = node.steps(at: 0)
    node.filters = "ENOMEM"
    node.gain(until: 4000)
    #expect(node.steps(at: 0).last == "wait until 2000")
    node.filters = nil
    node.serve(at: 100)
    #expect(
      node.steps(at: 100) == ["arm nothing", "compete for 10.0.0.1", "wait"])
  }

  /// A link that came back has forgotten its groups.
  @Test func aLinkThatChangedIsJoinedAndAnnouncedAgain() {
    var node = Transcript("2001:db8::1")
    node.serve(at: 0)
    _ = node.steps(at: 0)
    node.gain(until: 4000)
    _ = node.steps(at: 0)
    node.links[0].revision += 1
    node.serve(at: 100)
    #expect(
      node.steps(at: 100) == [
        "join ff02::1:ff00:1", "arm 2001:db8::1", "announce 2001:db8::1 first", "wait",
      ])
  }

  @Test func whereNoFrameLeavesTheAddressIsLeftToAnotherNode() {
    var node = Transcript("10.0.0.1")
    node.serve(at: 0)
    _ = node.steps(at: 0)
    node.gain(until: 9000)
    node.refusal = "ENOBUFS"
    _ = node.steps(at: 0)
    for time in stride(from: 500, through: 2500, by: 500) as StrideThrough<Int64> {
      #expect(node.steps(at: time) == ["try to send for 10.0.0.1", "wait until \(time + 500)"])
    }
    #expect(
      node.steps(at: 3000) == [
        "try to send for 10.0.0.1", "reassess", "arm nothing", "compete for nothing",
        "wait until 8000",
      ])
    node.refusal = nil
    #expect(
      node.steps(at: 8000).prefix(3) == [
        "try to send for 10.0.0.1", "reassess", "compete for 10.0.0.1",
      ])
  }

  /// The self-check has found the wire to be something else than it was armed with.
  @Test func theWireIsArmedAgainThoughNothingHasChanged() {
    var node = Transcript("10.0.0.1")
    node.serve(at: 0)
    _ = node.steps(at: 0)
    node.gain(until: 4000)
    _ = node.steps(at: 0)
    node.reconciler.armAgain()
    #expect(node.steps(at: 100) == ["arm 10.0.0.1", "wait"])
  }

  /// A step whose outcome was not reported comes again.
  @Test func nothingGoesOnBeforeTheOutcomeIsKnown() {
    var node = Transcript("10.0.0.1")
    node.serve(at: 0)
    let first = node.reconciler.next(at: node.at(0))
    #expect(node.text(first) == "arm nothing")
    #expect(node.reconciler.next(at: node.at(1)) == first)
    node.report(first, at: 1)
    #expect(node.steps(at: 2) == ["compete for 10.0.0.1", "wait"])
  }
}
