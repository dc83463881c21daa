import EtcdTestKit
import LANTestKit
import Lease
import LeaseEtcd
import LeaseTestKit
import Testing
import Wire

/// Keys that are not ours: never taken, never deleted, always told of.
struct EtcdTroubleTests {
  @Test(.timeLimit(.minutes(10)))
  func garbageInAClaimIsNobodysToTake() async throws {
    try await EtcdCluster.run { cluster in
      let (member, client) = (cluster.members[0], try StoreClient(cluster.urls))
      let session = try await client.open("a")
      try await member.put("/announcer/claims/\(x)", "garbage")
      guard case .failed(let failure) = try await client.acquire([x, y], session)[x] else {
        Issue.record("it was taken")
        return
      }
      #expect(failure.kind == .unintelligible)
      #expect(failure.text.contains("etcdctl del /announcer/claims/\(x)"), "\(failure)")
      let picture = try await client.read()
      #expect(picture.claims[x]?.session == SessionID("0"))
      #expect(picture.claims[y]?.session == session)
      await eventually { client.changes.contains(.trouble(failure)) }
      try await client.store.release(
        [ClaimReference(address: x, epoch: nil)], of: session, within: .seconds(5))
      try await client.store.close(session, within: .seconds(5))
      #expect(try await member.get("/announcer/claims/\(x)")?.text == "garbage")
      try await member.delete("/announcer/claims/\(x)")
      await eventually { client.changes.contains(.trouble(nil)) }
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func otherPeoplesKeysAreToldOfAndLeftAlone() async throws {
    try await EtcdCluster.run { cluster in
      let (member, client) = (cluster.members[0], try StoreClient(cluster.urls))
      let foreign = [
        "/announcer/config", "/announcer/claims/not-an-address", "/announcer/claims/010.1.1.1",
        "/announcer/nodes/", "/announcer/preferences/\(x)/more",
      ]
      for key in foreign { try await member.put(key, "theirs") }
      try await member.put("/announcer2/claims/\(y)", "of another prefix")
      let session = try await client.open("a")
      let picture = try await client.read()
      #expect(picture.claims.isEmpty && picture.sessions.count == 1)
      func trouble() -> StoreFailure? {
        client.changes.lazy.compactMap { if case .trouble(let it) = $0 { it } else { nil } }.first
      }
      await eventually { trouble() != nil }
      #expect(trouble()?.kind == .misconfigured)
      #expect(
        trouble()?.text.contains("/announcer/claims/010.1.1.1") == true, "\(trouble() as Any)")
      try await client.store.close(session, within: .seconds(5))
      #expect(Set(try await member.keys("/announcer/").keys) == Set(foreign))
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func aNodeKeyWithoutLeaseKeepsTheNameUntilItIsDeleted() async throws {
    try await EtcdCluster.run { cluster in
      let (member, client) = (cluster.members[0], try StoreClient(cluster.urls))
      try await member.put("/announcer/nodes/a", "mine")
      let opening = try await client.store.open(
        node: "a", timeToLive: .seconds(30), within: .seconds(5))
      guard case .nameTaken(let other) = opening else {
        Issue.record("\(opening)")
        return
      }
      #expect(other.details.contains("etcdctl del /announcer/nodes/a"))
      await eventually { client.changes.contains(.missed) }
      try await member.delete("/announcer/nodes/a")
      await eventually { client.changes.contains(.sessionEnded(other.id)) }
      _ = try await client.open("a")
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func noSpaceIsSaidAndRenewalsGoOn() async throws {
    try await EtcdCluster.run(quota: 1 << 20) { cluster in
      let (member, client) = (cluster.members[0], try StoreClient(cluster.urls))
      let session = try await client.open("a", timeToLive: .seconds(5))
      let filler = String(repeating: "x", count: 100_000)
      await eventually {
        (try? await member.put("filler-\(Int.random(in: 0..<1_000_000))", filler)) == nil
      }
      let failure = await failure { _ = try await StoreClient(cluster.urls).open("b") }
      #expect(failure?.kind == .exhausted, "\(failure as Any)")
      #expect(failure?.text.contains("space exceeded") == true)
      try await client.expectRenewal(of: session, .renewed)
      // etcd's quota does not count what is put by nested transactions: claims still change hands.
      #expect(try await client.acquire([x], session)[x]?.epoch != nil)
      try await client.store.close(session, within: .seconds(5))
    }
  }
}
