import EtcdTestKit
import LANTestKit
import Lease
import LeaseEtcd
import LeaseTestKit
import Testing
import Wire

/// The watch: nothing is lost silently, whatever happens to keys, connections and history.
struct EtcdWatchTests {
  /// A member, a store behind a proxy that listens, and another that works on the member itself.
  private func withWatcher(
    _ body: (EtcdMember, TCPProxy, StoreClient, StoreClient) async throws -> Void
  ) async throws {
    try await EtcdCluster.run { cluster in
      let proxy = try TCPProxy(to: cluster.members[0].plan.clientPort)
      let watcher = try StoreClient([proxy.url])
      _ = try await watcher.open("watcher")
      try await body(cluster.members[0], proxy, watcher, try StoreClient(cluster.urls))
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func aWatchThatWasCutGoesOnWhereItWas() async throws {
    try await withWatcher { _, proxy, watcher, other in
      let session = try await other.open("other")
      watcher.forget()
      for address in addresses(20) {
        proxy.cut()
        let epoch = try #require(try await other.acquire([address], session)[address]?.epoch)
        let holder = Holder(node: "other", session: session, epoch: epoch)
        await eventually { watcher.changes.contains(.claimed(address, holder)) }
      }
      #expect(!watcher.changes.contains(.missed))
      let claims = watcher.changes.filter { if case .claimed = $0 { true } else { false } }
      #expect(claims.count == 20)
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func whatWasCompactedAwayIsMissed() async throws {
    try await withWatcher { member, proxy, watcher, other in
      let session = try await other.open("other")
      watcher.forget()
      proxy.set { $0.rejects = true }
      proxy.cut()
      _ = try await other.acquire([x], session)
      try await other.store.release(
        [ClaimReference(address: x, epoch: nil)], of: session, within: .seconds(5))
      _ = try await other.acquire([y], session)
      try await member.compact(to: try await member.status().header.revision)
      proxy.set { $0 = .init() }
      await eventually { watcher.changes.contains(.missed) }
      #expect(try await watcher.read().claims.keys.elementsEqual([y]))
      // It listens again.
      try await other.store.close(session, within: .seconds(5))
      await eventually { watcher.changes.contains(.sessionEnded(session)) }
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func aCompactionDuringTheWatchDisturbsNothing() async throws {
    try await withWatcher { member, _, watcher, other in
      let session = try await other.open("other")
      watcher.forget()
      for address in addresses(5) {
        let epoch = try #require(try await other.acquire([address], session)[address]?.epoch)
        let holder = Holder(node: "other", session: session, epoch: epoch)
        await eventually { watcher.changes.contains(.claimed(address, holder)) }
        try await member.compact(to: try await member.status().header.revision)
      }
      #expect(!watcher.changes.contains(.missed))
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func aWatchThatCannotListenSaysWhyAndWhenItDoesAgain() async throws {
    try await withWatcher { _, proxy, watcher, _ in
      proxy.set { $0.rejects = true }
      proxy.cut()
      await eventually {
        watcher.changes.contains { if case .trouble(_?) = $0 { true } else { false } }
      }
      proxy.set { $0 = .init() }
      await eventually { watcher.changes.last == .trouble(nil) }
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func whatAnOperatorDoesIsToldWithinFiftyMilliseconds() async throws {
    try await withWatcher { member, _, watcher, other in
      let session = try await other.open("other")
      let epoch = try #require(try await other.acquire([x, y], session)[x]?.epoch)
      let key = "/announcer/claims/\(x)"
      var times: [Duration] = []
      func told(
        _ expected: StoreChange, sourceLocation: SourceLocation = #_sourceLocation,
        after act: () async throws -> Void
      ) async throws {
        watcher.forget()
        try await act()
        let start = ContinuousClock.now
        await LANTestKit.eventually(sourceLocation: sourceLocation) {
          watcher.changes.contains(expected)
        }
        times.append(ContinuousClock.now - start)
      }
      // Another value, the same lease: nothing happened.
      let before = try #require(try await member.get(key))
      try await member.put(key, before.text + " ", lease: session.decimal)
      // Another lease, with the record of an announcer that has gone mad.
      let lease = try await member.grant(seconds: 60)
      let next = Epoch(try #require(try await member.get(key)).modRevision + 1)
      let mad = Holder(node: "mad", session: SessionID(String(lease, radix: 16)), epoch: next)
      try await told(.claimed(x, mad)) {
        try await member.put(key, #"{"node":"mad","session":""}"#, lease: lease)
      }
      #expect(mad.epoch > epoch)
      // No lease, no record.
      let last = Holder(
        node: "(unreadable)", session: SessionID("0"), epoch: Epoch(next.number + 1))
      try await told(.claimed(x, last)) { try await member.put(key, "garbage") }
      try await told(.freed(x, nil)) { try await member.delete(key) }
      try await told(.freed(y, epoch)) { try await member.delete("/announcer/claims/\(y)") }
      try await told(.sessionEnded(session)) { try await member.revoke(session.decimal) }
      // The middle one: a busy machine may take a single one longer.
      #expect(times.sorted()[times.count / 2] < .milliseconds(50), "\(times)")
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func theKernelWatchesOverTheWatch() async throws {
    try await withWatcher { member, proxy, _, _ in
      let sockets = try await runCommand(["ss", "-tnoH", "dport", "= :\(proxy.port)"])
      let lines = sockets.standardOutput.split(separator: "\n")
      #expect(!lines.isEmpty, "\(sockets)")
      #expect(lines.allSatisfy { $0.contains("timer:(keepalive,") }, "\(sockets)")
    }
  }

  /// With the former values that etcd can send along it would take it more than 10 s.
  @Test(.timeLimit(.minutes(10)))
  func theEndOfASessionWithThousandsOfClaimsIsToldSoon() async throws {
    try await withWatcher { _, _, watcher, other in
      let session = try await other.open("other")
      let all = addresses(4000)
      for start in stride(from: 0, to: all.count, by: 125) {
        _ = try await other.acquire(Array(all[start..<start + 125]), session)
      }
      watcher.forget()
      try await other.store.close(session, within: .seconds(10))
      await eventually { watcher.changes.contains(.sessionEnded(session)) }
      let freed = watcher.changes.filter { if case .freed(_, _?) = $0 { true } else { false } }
      #expect(freed.count == all.count)
      #expect(!watcher.changes.contains(.missed))
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func aNodeKeyThatChangesHandsEndsTheFormerSession() async throws {
    try await withWatcher { member, _, watcher, other in
      let session = try await other.open("other")
      let lease = try await member.grant(seconds: 60)
      try await member.put("/announcer/nodes/other", "{}", lease: lease)
      let usurper = SessionDescription(id: SessionID(String(lease, radix: 16)), node: "other")
      await eventually { watcher.changes.contains(.sessionOpened(usurper)) }
      #expect(watcher.changes.contains(.sessionEnded(session)))
      try await other.expectRenewal(of: session, .sessionGone)
      let refused = await failure { _ = try await other.acquire([x], session) }
      #expect(refused?.kind == .refused)
      #expect(try await member.get("/announcer/claims/\(x)") == nil)
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func anAcquisitionForASessionThatIsOverEndsIt() async throws {
    try await EtcdCluster.run { cluster in
      let client = try StoreClient(cluster.urls)
      let session = try await client.open("a")
      try await cluster.members[0].revoke(session.decimal)
      await eventually { client.changes.contains(.sessionEnded(session)) }
      client.forget()
      let refused = await failure { _ = try await client.acquire([x], session) }
      #expect(refused?.kind == .refused)
      await eventually { client.changes == [.sessionEnded(session)] }
      let preferring = await failure {
        try await client.store.prefer(
          [Preference(address: x, node: "a")], by: session, within: .seconds(5))
      }
      #expect(preferring?.kind == .refused)
      #expect(try await cluster.members[0].keys("/announcer").isEmpty)
    }
  }
}
