import EtcdTestKit
import LANTestKit
import Lease
import LeaseEtcd
import LeaseTestKit
import LinuxSystem
import Testing
import Time
import Wire

/// The election with drivers on real clusters: take-overs, and what members do to them.
struct EtcdElectionTests {
  @Test(.timeLimit(.minutes(10)))
  func aHolderThatDiesIsFollowedWithinItsTimeToLive() async throws {
    try await EtcdCluster.run(3, heartbeat: 30, election: 300) { cluster in
      try await withNode("b", cluster.urls, .seconds(2)) { b in
        let start = try await withDyingNode("a", cluster.urls, .seconds(2)) { a in
          a.driver.compete(for: [x])
          try await a.until { $0.held.count == 1 }
          b.driver.compete(for: [x])
          try await b.until { $0.holders[x]?.node == "a" }
        }
        try await b.until { $0.held.count == 1 }
        #expect(Instant.now - start < .seconds(2) + .milliseconds(700))
      }
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func aHolderThatShutsDownIsFollowedAtOnce() async throws {
    try await EtcdCluster.run(3, heartbeat: 30, election: 300) { cluster in
      try await withNode("b", cluster.urls, .seconds(30)) { b in
        let wanted = Set(addresses(300))
        var start = Instant.now
        try await withNode("a", cluster.urls, .seconds(30)) { a in
          a.driver.compete(for: wanted)
          try await a.until { $0.held.count == 300 }
          b.driver.compete(for: wanted)
          try await b.until { $0.holders.count == 300 }
          start = .now
        }
        try await b.until { $0.held.count == 300 }
        #expect(Instant.now - start < .seconds(3))
      }
      #expect(try await cluster.members[0].keys("/announcer").isEmpty)
      #expect(try await cluster.members[0].leases().isEmpty)
    }
  }

  /// What everybody knew is of another history then, in which somebody else may hold the claim.
  @Test(.timeLimit(.minutes(10)))
  func aBackupThatIsPutBackLeavesOneHolder() async throws {
    try await EtcdCluster.run(heartbeat: 30, election: 300) { cluster in
      let member = cluster.members[0]
      let backup = "\(cluster.directory)/backup"
      try await withNode("a", cluster.urls, .seconds(2)) { a in
        try await withNode("b", cluster.urls, .seconds(2)) { b in
          a.driver.compete(for: [x])
          try await a.until { $0.held.count == 1 }
          try await member.backUp(to: backup)
          try member.start()
          try await cluster.waitUntilServing()
          a.driver.compete(for: [])
          try await a.until { $0.held.isEmpty && $0.health == .healthy }
          b.driver.compete(for: [x])
          try await b.until { $0.held.count == 1 && $0.health == .healthy }
          try await a.until { $0.holders[x]?.node == "b" }

          // In the backup a has it.
          let start = Instant.now
          try await member.putBack(backup)
          try member.start()
          try await b.until { $0.held.isEmpty }
          a.driver.compete(for: [x])
          b.driver.compete(for: [])
          let view = try await a.until { $0.held[x].map { $0.since > start } ?? false }
          let held = try #require(view.held[x])
          #expect(held.since - start > .milliseconds(1900))
          try await b.until { $0.holders[x]?.epoch == held.epoch }

          // And so it goes on: a death is noticed, though all versions look old.
          let killed = try await withDyingNode("c", cluster.urls, .seconds(2)) { c in
            c.driver.compete(for: [x])
            a.driver.compete(for: [])
            try await c.until { $0.held.count == 1 }
            try await b.until { $0.holders[x]?.node == "c" }
          }
          b.driver.compete(for: [x])
          try await b.until { $0.held.count == 1 }
          #expect(Instant.now - killed < .seconds(2) + .milliseconds(1500))
        }
      }
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func aLeaderThatIsKilledOrFrozenTakesNoClaimAway() async throws {
    try await EtcdCluster.run(3, heartbeat: 30, election: 300) { cluster in
      try await withNode("a", cluster.urls, .seconds(5)) { a in
        a.driver.compete(for: [x])
        let held = try await a.until { $0.held.count == 1 }
        let hold = try LeaseTiming(timeToLive: .seconds(5)).hold
        for isFrozen in [true, false] {
          let leader = try #require(try await cluster.leader())
          if isFrozen { leader.freeze() } else { await leader.kill() }
          let now = Instant.now
          try await a.until { $0.deadline > now + hold && $0.health == .healthy }
          if isFrozen { leader.thaw() } else { try leader.start() }
          try await cluster.waitUntilServing()
        }
        let view = try #require(a.recorder.newest)
        #expect(view.held == held.held && view.lost == 0 && view.gained == 1)
      }
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func theEndpointInUseMayDie() async throws {
    try await EtcdCluster.run(3, heartbeat: 30, election: 300) { cluster in
      try await withNode("b", cluster.urls.reversed(), .seconds(3)) { b in
        try await withNode("a", cluster.urls, .seconds(3)) { a in
          a.driver.compete(for: [x])
          try await a.until { $0.held.count == 1 }
          await cluster.members[0].kill()
          let now = Instant.now
          // Renewed after that.
          let hold = try LeaseTiming(timeToLive: .seconds(3)).hold
          let view = try await a.until { $0.deadline > now + hold }
          #expect(view.lost == 0)
          #expect(a.store.place != cluster.urls[0])
          // The watch has moved too.
          b.driver.compete(for: [y])
          try await b.until { $0.held[y] != nil }
          try await a.until { $0.holders[y]?.node == "b" }
        }
      }
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func withoutAQuorumEverybodyIsSilentAndComesBack() async throws {
    try await EtcdCluster.run(3, heartbeat: 30, election: 300) { cluster in
      try await withNode("a", cluster.urls, .seconds(2)) { a in
        a.driver.compete(for: [x])
        let held = try await a.until { $0.held.count == 1 }
        await cluster.members[1].kill()
        await cluster.members[2].kill()
        let lost = try await a.until { $0.health == .lost }
        #expect(Instant.now >= held.deadline)
        #expect(lost.losses == [x: .deadlinePassed])
        try cluster.members[1].start()
        try await a.until { $0.held.count == 1 }
      }
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func aRevokedLeaseAndAGarbledClaimSilenceTheHolderAtOnce() async throws {
    try await EtcdCluster.run { cluster in
      let member = cluster.members[0]
      try await withNode("a", cluster.urls, .seconds(30)) { a in
        a.driver.compete(for: [x])
        let first = try await a.until { $0.held.count == 1 }
        guard case .open(let id) = first.session else { return }
        try await member.revoke(id.decimal)
        var start = Instant.now
        try await a.until { $0.held.isEmpty }
        // A few milliseconds, and room for a busy machine.
        #expect(Instant.now - start < .milliseconds(250))
        try await a.until { $0.held.count == 1 && $0.session != first.session }

        let key = "/announcer/claims/\(x)"
        try await member.put(key, "garbage")
        start = .now
        let garbled = try await a.until { $0.held.isEmpty && $0.losses[x] != nil }
        #expect(Instant.now - start < .milliseconds(250))
        #expect(garbled.holders[x]?.session == SessionID("0"))
        try await a.until { $0.error?.text.contains("etcdctl del \(key)") == true }
        #expect(try await member.get(key)?.text == "garbage")
        try await member.delete(key)
        try await a.until { $0.held.count == 1 && $0.error == nil }

        // Garbage with our lease is ours still, and goes with it.
        let now = try #require(a.recorder.newest)
        guard case .open(let own) = now.session else { return }
        try await member.put(key, "garbage", lease: own.decimal)
        a.driver.confirmOwnership()
        try await a.until { $0.deadline == .distantPast }
        let after = try await a.until { $0.deadline > .now }
        #expect(after.held == now.held)
        try await member.delete(key)
        try await a.until { $0.lost == 3 && $0.held.count == 1 }
      }
      #expect(try await member.keys("/announcer").isEmpty)
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func theSameNameTwiceIsNeverBoth() async throws {
    try await EtcdCluster.run { cluster in
      try await withNode("a", cluster.urls, .seconds(30)) { second in
        try await second.until { if case .open = $0.session { true } else { false } }
        try await withNode("a", cluster.urls, .seconds(30)) { first in
          try await first.until { if case .waiting = $0.session { true } else { false } }
          await second.driver.shutDown()
          try await first.until { if case .open = $0.session { true } else { false } }
        }
      }
    }
  }

  /// A node until the end of `body`, shut down in good order.
  private func withNode(
    _ name: String, _ endpoints: [String], _ timeToLive: Duration,
    _ body: (EtcdNode) async throws -> Void
  ) async throws {
    try await node(name, endpoints, timeToLive).running(body)
  }

  /// A node that ends like a process that is killed; when that was.
  private func withDyingNode(
    _ name: String, _ endpoints: [String], _ timeToLive: Duration,
    _ body: (EtcdNode) async throws -> Void
  ) async throws -> Instant {
    try await node(name, endpoints, timeToLive).dying(body)
  }

  private func node(
    _ name: String, _ endpoints: [String], _ timeToLive: Duration
  ) throws -> EtcdNode {
    let store = try EtcdLeaseStore(EtcdOptions(endpoints: endpoints))
    return try EtcdNode(name, store, timeToLive, limits: EtcdLeaseStore.limits) { .now }
  }
}

typealias EtcdNode = ElectingNode<EtcdLeaseStore>
