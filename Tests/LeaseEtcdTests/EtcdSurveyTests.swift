import EtcdTestKit
import LANTestKit
import Lease
import LeaseEtcd
import LeaseTestKit
import LinuxSystem
import Testing
import Time
import Wire

/// What people are told of real members.
struct EtcdSurveyTests {
  private func store(_ urls: [String]) throws -> EtcdLeaseStore {
    try EtcdLeaseStore(EtcdOptions(endpoints: urls), notes: ClaimNotes(version: "7.7.7"))
  }

  @Test(.timeLimit(.minutes(10)))
  func theStoreKeepsTheContract() async throws {
    try await EtcdCluster.run { cluster in
      try await SurveyContract(
        store(cluster.urls), store(cluster.urls), onlooker: store(cluster.urls),
        timeToLive: .seconds(30), version: "7.7.7"
      ).run()
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func whatTheRecordsSayToPeopleIsTold() async throws {
    try await EtcdCluster.run { cluster in
      let notes = ClaimNotes()
      notes.replace([
        x: ClaimNote(interfaces: ["lan0", "lan1"], hardwareAddress: "02:00:00:00:00:01")
      ])
      let noted = try EtcdLeaseStore(EtcdOptions(endpoints: cluster.urls), notes: notes)
      guard
        case .opened(let id, _) = try await noted.open(
          node: "node-a", timeToLive: .seconds(30), within: .seconds(20))
      else { throw EtcdTestError("not opened") }
      _ = try await noted.acquire([x], for: id, within: .seconds(20))
      let survey = try await store(cluster.urls).survey(within: .seconds(20))
      let claim = try #require(survey.claims[x])
      #expect(claim.note == notes[x])
      #expect(claim.since?.hasSuffix("Z") == true)
      let facts = try #require(survey.sessions.first?.facts)
      #expect(facts.processID != nil && facts.host != nil && facts.since?.hasSuffix("Z") == true)
      #expect(facts.version == nil)
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func aSessionThatIsNotRenewedIsOverdueAndThenGone() async throws {
    try await EtcdCluster.run { cluster in
      let a = try StoreClient(cluster.urls)
      let onlooker = try store(cluster.urls)
      let id = try await a.open("node-a", timeToLive: .seconds(4))
      _ = try await a.acquire([x], id)
      try await a.expectRenewal(of: id, .renewed)
      #expect(try await onlooker.survey(within: .seconds(20)).sessions.first?.isOverdue == false)
      await eventually {
        (try? await onlooker.survey(within: .seconds(20)).sessions.first?.isOverdue) == true
      }
      let claims = try await onlooker.survey(within: .seconds(20)).claims
      #expect(claims[x]?.holder.session == id)
      await eventually {
        (try? await onlooker.survey(within: .seconds(20))) == StoreSurvey()
      }
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func whatSomebodyDidByHandIsTold() async throws {
    try await EtcdCluster.run { cluster in
      let member = cluster.members[0]
      let a = try StoreClient(cluster.urls)
      let id = try await a.open("node-a")
      _ = try await a.acquire([x], id)
      try await member.put("/announcer/claims/\(y)", "hello")
      try await member.put("/announcer/claims/192.0.2.1", "hello", lease: id.decimal)
      try await member.put("/announcer/something", "hello")
      try await member.delete("/announcer/nodes/node-a")
      let survey = try await store(cluster.urls).survey(within: .seconds(20))

      // The session lives on in its claims, for the rest of its time.
      let session = try #require(survey.sessions.first)
      #expect(survey.sessions.count == 1 && session.id == id && session.node == "node-a")
      #expect(!session.isRecorded && session.timeToLive == .seconds(30))
      #expect(try #require(session.endsWithin) > .seconds(5))
      #expect(survey.claims[x]?.defect == nil)
      // No lease, no end: and one that ends with its lease.
      #expect(survey.claims[y]?.defect?.contains("never ends") == true)
      #expect(survey.claims[IPAddress("192.0.2.1")!]?.defect?.contains("no claim") == true)
      #expect(survey.troubles.count == 1)
      #expect(survey.troubles.first?.contains("/announcer/something") == true)
    }
  }

  /// More keys than there are in a page.
  @Test(.timeLimit(.minutes(10)))
  func thousandsOfClaimsAreReadPageByPage() async throws {
    try await EtcdCluster.run { cluster in
      let a = try StoreClient(cluster.urls)
      let id = try await a.open("node-a", timeToLive: .seconds(120))
      let all = addresses(2500)
      for start in stride(from: 0, to: all.count, by: EtcdLeaseStore.limits.batch) {
        let batch = all[start..<min(start + EtcdLeaseStore.limits.batch, all.count)]
        _ = try await a.acquire(Array(batch), id)
      }
      let onlooker = try store(cluster.urls)
      let start = Instant.now
      let survey = try await onlooker.survey(within: .seconds(20))
      print("measured: a survey of 2,500 claims: \((Instant.now - start).milliseconds) ms")
      #expect(survey.claims.keys.sorted() == all)
      #expect(survey.claims.values.allSatisfy { $0.holder.session == id })
    }
  }

  /// A store that hangs or is away is told in time, and an answer about leases is worth no wait.
  @Test(.timeLimit(.minutes(10)))
  func aStoreThatIsAwayIsToldInTime() async throws {
    try await EtcdCluster.run { cluster in
      let way = try TCPProxy(to: cluster.members[0].plan.clientPort)
      defer { way.close() }
      let a = try StoreClient([way.url])
      let id = try await a.open("node-a")
      _ = try await a.acquire([x], id)

      way.set { $0.losesAnswersTo = ["/v3/lease/timetolive"] }
      let start = Instant.now
      let survey = try await a.store.survey(within: .seconds(20))
      #expect(survey.claims[x]?.holder.session == id)
      #expect(survey.sessions.first?.endsWithin == nil)
      #expect(Instant.now - start < .seconds(5))

      way.set { $0.losesAnswers = true }
      let asked = Instant.now
      let silent = await failure { _ = try await a.store.survey(within: .milliseconds(500)) }
      #expect(silent?.kind == .timedOut && silent?.text.contains("survey the claims") == true)
      #expect(Instant.now - asked < .seconds(3))

      way.close()
      let gone = await failure { _ = try await a.store.survey(within: .milliseconds(500)) }
      #expect(gone?.kind == .unreachable)
    }
  }
}
