import EtcdTestKit
import LANTestKit
import Lease
import LeaseEtcd
import LeaseTestKit
import Testing
import Wire

/// What the port promises, on one real member.
struct EtcdLeaseStoreTests {
  @Test(.timeLimit(.minutes(10)))
  func aSessionHasTheNameAloneUntilItIsClosed() async throws {
    try await EtcdCluster.run { cluster in
      let (a, b) = (try StoreClient(cluster.urls), try StoreClient(cluster.urls))
      let first = try await a.open("node-a")
      let taken = try await b.store.open(
        node: "node-a", timeToLive: .seconds(30), within: .seconds(5))
      guard case .nameTaken(let other) = taken else {
        Issue.record("\(taken)")
        return
      }
      #expect(other.id == first && other.node == "node-a" && other.details.contains("pid"))
      // The lease that was granted for nothing is gone.
      #expect(try await cluster.members[0].leases() == ["\(first.decimal)"])
      try await a.store.close(first, within: .seconds(5))
      await eventually { b.changes.contains(.sessionEnded(first)) }
      try await a.store.close(first, within: .seconds(5))
      let second = try await b.open("node-a", listening: false)
      #expect(second != first)
      try await b.store.close(second, within: .seconds(5))
      #expect(try await cluster.members[0].keys("/announcer").isEmpty)
      #expect(try await cluster.members[0].leases().isEmpty)
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func aSessionIsRenewedUntilItIsGone() async throws {
    try await EtcdCluster.run { cluster in
      let a = try StoreClient(cluster.urls)
      let id = try await a.open("node-a", timeToLive: .seconds(3))
      for _ in 0..<15 {
        try await a.expectRenewal(of: id, .renewed, within: .seconds(3))
        try await Task.sleep(for: .milliseconds(300))
      }
      try await cluster.members[0].revoke(id.decimal)
      try await a.expectRenewal(of: id, .sessionGone)
      await eventually { a.changes.contains(.sessionEnded(id)) }
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func theServerRaisesATimeToLiveBelowItsMinimum() async throws {
    try await EtcdCluster.run(heartbeat: 100, election: 1000) { cluster in
      let a = try StoreClient(cluster.urls)
      let opening = try await a.store.open(
        node: "node-a", timeToLive: .milliseconds(500), within: .seconds(5))
      guard case .opened(let id, let granted) = opening else {
        Issue.record("\(opening)")
        return
      }
      #expect(granted == .seconds(2))
      #expect(try await a.store.renew(id, within: .seconds(1)) == .renewed)
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func aClaimBelongsToOneAndIsFreeWithItsSession() async throws {
    try await EtcdCluster.run { cluster in
      let (a, b) = (try StoreClient(cluster.urls), try StoreClient(cluster.urls))
      let (first, second) = (try await a.open("node-a"), try await b.open("node-b"))
      let answers = try await a.acquire([x, y], first)
      let epoch = try #require(answers[x]?.epoch)
      #expect(answers[y]?.epoch == epoch)
      let key = try #require(try await cluster.members[0].get("/announcer/claims/\(x)"))
      #expect(key.createRevision == epoch.number && key.leaseID == first.decimal)
      // Again, as after an answer that got lost.
      #expect(try await a.acquire([x], first)[x] == .acquired(epoch))
      let holder = Holder(node: "node-a", session: first, epoch: epoch)
      #expect(try await b.acquire([x], second)[x] == .heldBy(holder))
      await eventually { b.changes.contains(.claimed(x, holder)) }
      let picture = try await b.read()
      #expect(picture.claims == [x: holder, y: holder])
      #expect(Set(picture.sessions.map(\.id)) == [first, second])

      // Of another session, or another epoch: left alone.
      try await b.store.release(
        [ClaimReference(address: x, epoch: nil)], of: second, within: .seconds(5))
      try await a.store.release(
        [ClaimReference(address: x, epoch: Epoch(epoch.number - 1))], of: first,
        within: .seconds(5))
      #expect(try await b.read().claims[x] == holder)
      try await a.store.release(
        [ClaimReference(address: x, epoch: epoch)], of: first, within: .seconds(5))
      await eventually { b.changes.contains(.freed(x, epoch)) }
      let later = try #require(try await b.acquire([x], second)[x]?.epoch)
      #expect(later > epoch)
      await eventually {
        b.changes.contains(.claimed(x, Holder(node: "node-b", session: second, epoch: later)))
      }

      b.forget()
      try await a.store.close(first, within: .seconds(5))
      await eventually { b.changes.contains(.sessionEnded(first)) }
      #expect(b.changes.contains(.freed(y, epoch)))
      // One revision, one batch.
      #expect(b.changeBatches.count == 1)
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func claimsAreMadeInBatchesOfTheLimit() async throws {
    try await EtcdCluster.run { cluster in
      let (a, b) = (try StoreClient(cluster.urls), try StoreClient(cluster.urls))
      let (first, second) = (try await a.open("node-a"), try await b.open("node-b"))
      let batch = addresses(EtcdLeaseStore.limits.batch)
      #expect(batch.count == 126)
      let answers = try await a.acquire(batch, first)
      #expect(answers.count == 126 && answers.values.allSatisfy { $0.epoch != nil })
      #expect(try await b.acquire(batch, second).values.allSatisfy { $0.epoch == nil })
      let preferences = batch.map { Preference(address: $0, node: "node-b") }
      try await b.store.prefer(preferences, by: second, within: .seconds(5))
      #expect(try await b.read().preferences.count == 126)
      try await a.store.release(
        batch.map { ClaimReference(address: $0, epoch: answers[$0]!.epoch) }, of: first,
        within: .seconds(5))
      #expect(try await b.read().claims.isEmpty)
      let tooMany = await failure { _ = try await a.acquire(addresses(127), first) }
      #expect(tooMany?.kind == .misconfigured)
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func aPreferenceEndsWithTheClaimItsAuthorOrItsWithdrawal() async throws {
    try await EtcdCluster.run { cluster in
      let (a, b) = (try StoreClient(cluster.urls), try StoreClient(cluster.urls))
      let (first, second) = (try await a.open("node-a"), try await b.open("node-b"))
      func prefer(_ node: String?, _ client: StoreClient, _ session: SessionID) async throws {
        try await client.store.prefer(
          [Preference(address: x, node: node)], by: session, within: .seconds(5))
      }
      try await prefer("node-b", a, first)
      await eventually { b.changes.contains(.preferred(x, node: "node-b")) }
      try await prefer("node-c", b, second)
      try await prefer(nil, b, second)
      #expect(try await b.read().preferences == [x: "node-b"])
      try await prefer("node-c", a, first)
      #expect(try await b.read().preferences == [x: "node-c"])
      try await prefer(nil, a, first)
      await eventually { b.changes.last == .preferred(x, node: nil) }
      try await prefer("node-b", a, first)
      _ = try await b.acquire([x], second)
      #expect(try await b.read().preferences.isEmpty)
      try await prefer("node-a", a, first)
      try await a.store.close(first, within: .seconds(5))
      #expect(try await b.read().preferences.isEmpty)
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func twoThatRaceShareOutWithoutOverlap() async throws {
    try await EtcdCluster.run { cluster in
      let (a, b) = (try StoreClient(cluster.urls), try StoreClient(cluster.urls))
      let (first, second) = (try await a.open("node-a"), try await b.open("node-b"))
      for round in 0..<10 {
        let wanted = addresses(100, from: 0x0a00_0000 + UInt32(round) << 8)
        async let ofA = a.acquire(wanted, first)
        async let ofB = b.acquire(wanted.reversed(), second)
        let (answersA, answersB) = (try await ofA, try await ofB)
        for address in wanted {
          #expect((answersA[address]?.epoch == nil) != (answersB[address]?.epoch == nil))
        }
      }
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func everythingIsReadPageByPage() async throws {
    try await EtcdCluster.run { cluster in
      let a = try StoreClient(cluster.urls)
      let first = try await a.open("node-a")
      let wanted = addresses(2600)
      for start in stride(from: 0, to: wanted.count, by: 100) {
        _ = try await a.acquire(Array(wanted[start..<start + 100]), first)
      }
      let picture = try await a.read()
      #expect(Set(picture.claims.keys) == Set(wanted))
    }
  }
}
