import EtcdTestKit
import LANTestKit
import Lease
import LeaseEtcd
import LeaseTestKit
import Testing
import Wire

/// Requests that took effect, though their answers got lost.
struct EtcdLostAnswerTests {
  @Test(.timeLimit(.minutes(10)))
  func anOpeningThatNobodyHeardOfDoesNotKeepTheNameFromUs() async throws {
    try await EtcdCluster.run { cluster in
      let member = cluster.members[0]
      let proxy = try TCPProxy(to: member.plan.clientPort)
      let client = try StoreClient([proxy.url])
      proxy.set { $0.losesAnswersTo = ["/v3/kv/txn"] }
      let lost = await failure {
        _ = try await client.store.open(
          node: "a", timeToLive: .seconds(60), within: .milliseconds(500))
      }
      #expect(lost?.kind == .timedOut)
      let orphan = try #require(try await member.get("/announcer/nodes/a")).leaseID
      proxy.set { $0 = .init() }
      let session = try await client.open("a")
      #expect(session.decimal != orphan)
      #expect(try await member.leases() == ["\(session.decimal)"])
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func anOrphanThatCouldNotBeRevokedIsRevokedWhenItHasTheName() async throws {
    try await EtcdCluster.run { cluster in
      let member = cluster.members[0]
      let proxy = try TCPProxy(to: member.plan.clientPort)
      let client = try StoreClient([proxy.url])
      proxy.set { $0.losesAnswersTo = ["/v3/kv/txn"] }
      _ = await failure {
        _ = try await client.store.open(
          node: "a", timeToLive: .seconds(60), within: .milliseconds(500))
      }
      let orphan = try #require(try await member.get("/announcer/nodes/a")).leaseID
      // Its revocation takes effect unheard.
      proxy.set { $0.losesAnswersTo = ["/v3/lease/revoke"] }
      _ = await failure {
        _ = try await client.store.open(
          node: "a", timeToLive: .seconds(60), within: .milliseconds(500))
      }
      proxy.set { $0 = .init() }
      let session = try await client.open("a")
      #expect(try await member.leases() == ["\(session.decimal)"])
      #expect(session.decimal != orphan)
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func anAcquisitionIsAnsweredAgain() async throws {
    try await EtcdCluster.run { cluster in
      let proxy = try TCPProxy(to: cluster.members[0].plan.clientPort)
      let client = try StoreClient([proxy.url])
      let session = try await client.open("a")
      proxy.set { $0.losesAnswersTo = ["/v3/kv/txn"] }
      let lost = await failure {
        _ = try await client.store.acquire([x], for: session, within: .milliseconds(300))
      }
      #expect(lost?.kind == .timedOut)
      proxy.set { $0 = .init() }
      let epoch = try await client.acquire([x], session)[x]?.epoch
      #expect(
        epoch
          == client.changes.compactMap { change -> Epoch? in
            if case .claimed(x, let holder) = change { holder.epoch } else { nil }
          }.first)
      try await client.expectRenewal(of: session, .renewed)
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func aConnectionThatWasClosedMeanwhileCostsNoCall() async throws {
    try await EtcdCluster.run { cluster in
      let proxy = try TCPProxy(to: cluster.members[0].plan.clientPort)
      let client = try StoreClient([proxy.url])
      let session = try await client.open("a")
      for _ in 0..<20 {
        proxy.cut()
        try await client.expectRenewal(of: session, .renewed)
      }
    }
  }
}
