import EtcdTestKit
import Lease
import LeaseEtcd
import LeaseTestKit
import Synchronization
import Testing

/// Which renewals count: a leader that was deposed confirms them too.
struct EtcdRenewalTests {
  private let fake = FakeEtcd()

  private func withSession(
    _ body: (StoreClient, SessionID, ScriptedServer) async throws -> Void
  ) async throws {
    let fake = fake
    let server = try ScriptedServer { path, body in fake.answer(path, body) }
    let client = try StoreClient([server.url])
    let id = try await client.open("node-a", timeToLive: .seconds(5))
    try await body(client, id, server)
  }

  private func keepAlives(_ server: ScriptedServer) -> Int {
    server.bodies(of: "/v3/lease/keepalive").count
  }

  @Test(.timeLimit(.minutes(10)))
  func oneInTheSameTermAsTheReadAfterItCounts() async throws {
    try await withSession { client, id, server in
      try await client.expectRenewal(of: id, .renewed)
      #expect(keepAlives(server) == 1)
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func oneBeforeAnElectionIsRepeatedAtOnce() async throws {
    try await withSession { client, id, server in
      fake.script.withLock { script in
        script.keepAliveTerms = [2, 3]
        script.readTerms = [3]
      }
      try await client.expectRenewal(of: id, .renewed)
      #expect(keepAlives(server) == 2)
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func theTermBeforeTheKeepAliveCountsToo() async throws {
    try await withSession { client, id, server in
      fake.script.withLock { script in
        script.keepAliveTerms = [3]
        script.readTerms = [3]
      }
      // Everything before was in term 2.
      try await client.expectRenewal(of: id, .renewed)
      #expect(keepAlives(server) == 2)
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func aLeaderThatIsNeverConfirmedIsNoRenewal() async throws {
    try await withSession { client, id, _ in
      fake.script.withLock { $0.readTerms = [3] }
      let failure = await failure {
        _ = try await client.store.renew(id, within: .milliseconds(200))
      }
      #expect(failure?.kind == .timedOut)
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func anotherMemberBehindTheSameAddressProvesNothing() async throws {
    try await withSession { client, id, server in
      fake.script.withLock { $0.member = 2 }
      try await client.expectRenewal(of: id, .renewed)
      #expect(keepAlives(server) == 2)
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func aSessionIsGoneOnlyWhenItsKeyIs() async throws {
    try await withSession { client, id, _ in
      fake.script.withLock { $0.keepAliveSeconds = nil }
      let failure = await failure {
        _ = try await client.store.renew(id, within: .milliseconds(200))
      }
      #expect(failure?.kind == .timedOut)
      fake.script.withLock { $0.keyIsThere = false }
      try await client.expectRenewal(of: id, .sessionGone)
      // The lease alone is no session.
      fake.script.withLock { $0.keepAliveSeconds = 5 }
      try await client.expectRenewal(of: id, .sessionGone)
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func anotherTimeToLiveIsAFailure() async throws {
    try await withSession { client, id, _ in
      fake.script.withLock { $0.keepAliveSeconds = 4 }
      let failure = await failure { _ = try await client.store.renew(id, within: .seconds(1)) }
      #expect(failure?.kind == .unintelligible)
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func anAnswerOfAnotherClusterIsRefused() async throws {
    try await withSession { client, id, _ in
      fake.script.withLock { script in
        script.cluster = 2
        script.keyIsThere = false
      }
      let failure = await failure { _ = try await client.store.renew(id, within: .seconds(1)) }
      #expect(failure?.kind == .misconfigured)
      #expect(failure?.text.contains("cluster 2") == true)
    }
  }
}
