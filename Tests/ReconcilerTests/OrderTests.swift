import Announcer
import Lease
import Metrics
import Reconciler
import Testing
import Time
import Wire

/// The two orders that matter: arm, then announce; disarm, and only then let go (lease.md §2.4).
struct OrderTests {
  /// Announcing 10.0.0.1 and 10.0.0.2 until 4000.
  private func announcing() -> Transcript {
    var node = Transcript("10.0.0.1", "10.0.0.2")
    node.serve(at: 0)
    _ = node.steps(at: 0)
    node.gain(until: 4000)
    _ = node.steps(at: 0)
    return node
  }

  @Test func competesForWhatItCanServeAndArmsBeforeItAnnounces() {
    var node = Transcript("10.0.0.1", rounds: [.zero, .milliseconds(50)])
    #expect(node.steps(at: 0) == ["wait"])
    node.serve(at: 0)
    #expect(node.steps(at: 0) == ["arm nothing", "compete for 10.0.0.1", "wait"])
    node.gain(until: 4000)
    #expect(
      node.steps(at: 10) == [
        "arm 10.0.0.1", "announce 10.0.0.1 first", "ask for 10.0.0.1", "wait until 60",
      ])
    #expect(node.steps(at: 60) == ["announce 10.0.0.1", "wait"])
  }

  @Test func anEqualStateDoesNothing() {
    var node = announcing()
    node.serve(at: 20)
    node.gain(until: 4000)
    node.reconciler.lookAgain()
    #expect(node.steps(at: 20) == ["wait"])
  }

  @Test func shutsBeforeItStopsCompeting() {
    var node = announcing()
    node.addresses = [IPAddress("10.0.0.2")!]
    node.serve(at: 100)
    #expect(
      node.steps(at: 100) == ["arm 10.0.0.2", "compete for 10.0.0.2", "wait"])
  }

  @Test func shutsBeforeItGivesUp() {
    var node = announcing()
    node.see { $0.yielding = [IPAddress("10.0.0.1")!] }
    #expect(node.steps(at: 100) == ["arm 10.0.0.2", "give up 10.0.0.1", "wait"])
    // Said once, however often it is seen.
    node.see { $0.gained = 5 }
    #expect(node.steps(at: 110) == ["wait"])
  }

  @Test func aDrainDisarmsEverythingBeforeItIsReleased() {
    var node = announcing()
    node.isDrained = true
    node.serve(at: 100)
    #expect(node.steps(at: 100) == ["arm nothing", "compete for nothing", "wait"])
  }

  /// A view from before the store was told shows as held what is being released.
  @Test func whatWasLeftOutIsNotArmedAgainBeforeTheElectionKnows() {
    var node = announcing()
    node.isDrained = true
    node.serve(at: 100)
    _ = node.steps(at: 100)
    node.isDrained = false
    node.serve(at: 110)
    #expect(node.steps(at: 110) == ["compete for 10.0.0.1 10.0.0.2", "wait"])
    node.see { $0.gained = 9 }
    #expect(node.steps(at: 120) == ["wait"])
    // The election knows of both calls, and holds on.
    node.see { $0.competitions = 3 }
    #expect(node.steps(at: 130).first == "arm 10.0.0.1 10.0.0.2")
  }

  @Test func whatTheStoreTookAwayIsDisarmedAndNotReleased() {
    var node = announcing()
    node.see { view in
      view.held[IPAddress("10.0.0.1")!] = nil
      view.losses[IPAddress("10.0.0.1")!] = .claimGone
    }
    #expect(node.steps(at: 100) == ["arm 10.0.0.2", "wait"])
  }

  @Test func aClaimThatWasWonAgainIsAnnouncedAgain() {
    var node = announcing()
    node.see { $0.held[IPAddress("10.0.0.1")!] = HeldClaim(epoch: Epoch(8), since: .distantPast) }
    #expect(
      node.steps(at: 100) == [
        "arm 10.0.0.1 10.0.0.2", "announce 10.0.0.1 first", "wait",
      ])
  }

  /// What another node had may still be on its way out: nothing is asked of it.
  @Test func aTakeoverAsksNobody() {
    var node = Transcript("10.0.0.1")
    node.serve(at: 0)
    node.see {
      $0.holders[IPAddress("10.0.0.1")!] = Holder(
        node: "node-b", session: SessionID("s2"), epoch: Epoch(3))
    }
    _ = node.steps(at: 0)
    node.see { $0.holders = [:] }
    node.gain(until: 4000)
    #expect(
      node.steps(at: 10) == ["arm 10.0.0.1", "announce 10.0.0.1 first", "wait"])
  }

  // MARK: Renewals

  @Test func aRenewalIsNoPass() {
    var node = announcing()
    node.renew(until: 5000)
    #expect(node.reconciler.next(at: node.at(1000)) == .wait(until: .distantFuture))
    #expect(node.reconciler.deadline == node.at(5000))
  }

  @Test func allThatARenewalChangesIsARenewal() {
    var node = announcing()
    let (sentAt, end) = (node.at(900), node.at(5000))
    node.see { view in
      view.deadline = end
      view.lastRenewal = .milliseconds(3)
      view.renewedAt = sentAt
      view.renewalTimes.observe(0.003)
      view.confirmedAt = sentAt
      view.heardAt = sentAt
      view.errors[.timedOut] = 1
    }
    #expect(node.reconciler.next(at: node.at(1000)) == .wait(until: .distantFuture))
  }

  /// The gate goes by it: what was lost in a later view is not armed.
  @Test func whatIsArmedNamesTheViewThatItComesFrom() {
    var node = announcing()
    node.see { view in
      view.held[IPAddress("10.0.0.1")!] = nil
      view.revision = 7
    }
    var steps: [Reconciler.Step] = []
    for _ in 0..<9 {
      let step = node.reconciler.next(at: node.at(1000))
      node.report(step, at: 1000)
      if case .arm = step { steps.append(step) }
    }
    guard case .arm(let set, revision: 7)? = steps.first else {
      Issue.record("\(steps)")
      return
    }
    #expect(set.addresses == [IPAddress("10.0.0.2")!])
  }

  // MARK: Turns

  /// On hundreds of links a node that only sends would hear nothing.
  @Test func aTurnOfAnnouncementsEnds() {
    var node = Transcript()
    node.addresses = (0..<300).map { .v4(IPv4Address(rawValue: 0x0A00_0100 + $0)) }
    node.serve(at: 0)
    _ = node.steps(at: 0)
    node.gain(until: 4000)
    let first = node.steps(at: 0)
    #expect(first.last == "wait until 0")
    #expect(first.count { $0.hasPrefix("announce") } == 128)
    let others = [node.steps(at: 0), node.steps(at: 0)]
    #expect(others.joined().count { $0.hasSuffix("first") } == 300 - 128)
  }
}
