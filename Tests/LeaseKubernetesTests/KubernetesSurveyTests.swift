import KubernetesTestKit
import LANTestKit
import Lease
import LeaseTestKit
import LinuxSystem
import Testing
import Time
import Wire

@testable import LeaseKubernetes

/// What people are told of Leases, on our own server and on a real one.
@Suite(.serialized)
struct KubernetesSurveyTests {
  private func store(
    _ cluster: any TestCluster, _ namespace: String
  ) throws -> KubernetesLeaseStore {
    KubernetesLeaseStore(
      try cluster.client(), KubernetesLeaseOptions(namespace: namespace),
      notes: ClaimNotes(version: "7.7.7"))
  }

  @Test(.timeLimit(.minutes(10)), arguments: TestClusterKind.available)
  func theStoreKeepsTheContract(_ kind: TestClusterKind) async throws {
    try await kind.run { cluster in
      let namespace = try await cluster.makeNamespace()
      try await SurveyContract(
        store(cluster, namespace), store(cluster, namespace),
        onlooker: store(cluster, namespace), timeToLive: .seconds(30), version: "7.7.7"
      ).run()
    }
  }

  @Test(.timeLimit(.minutes(10)), arguments: TestClusterKind.available)
  func whatSomebodyDidByHandIsTold(_ kind: TestClusterKind) async throws {
    try await kind.run { cluster in
      let namespace = try await cluster.makeNamespace()
      let notes = ClaimNotes()
      notes.replace([x: ClaimNote(interfaces: ["lan0"], hardwareAddress: "02:00:00:00:00:01")])
      let a = try StoreClient(cluster, namespace, notes: notes)
      let b = try StoreClient(cluster, namespace)
      let (first, second) = (try await a.open("node-a"), try await b.open("node-b"))
      _ = try await a.acquire([x, y], first)
      await eventually {
        b.changes.contains { if case .claimed(y, _) = $0 { true } else { false } }
      }
      let before = try await b.store.survey(within: .seconds(20))
      #expect(before.claims[x]?.note == notes[x])
      #expect(before.claims[x]?.since?.hasSuffix("Z") == true)
      #expect(before.sessions.first { $0.id == first }?.facts.processID != nil)

      // Emptied: whoever held it may not know yet.
      try await cluster.edit(LeaseNames.claim(y), in: namespace) { lease in
        lease["spec"]["holderIdentity"] = .string("")
      }
      // One of our names without our label, which a watch of ours does not see.
      let other = LeaseNames.claim(IPAddress("192.0.2.1")!)
      try await cluster.apply(
        """
        {"apiVersion": "coordination.k8s.io/v1", "kind": "Lease",
         "metadata": {"name": "\(other)", "namespace": "\(namespace)"},
         "spec": {"holderIdentity": "somebody"}}
        """)
      try await cluster.delete(.lease, in: namespace, "announcer-node-node-b")
      await eventually {
        a.changes.contains { if case .freed(y, _) = $0 { true } else { false } }
      }
      // Whoever watched all of it knows for how long it still counts.
      let survey = try await b.store.survey(within: .seconds(20))
      let claim = try #require(survey.claims[y])
      #expect(claim.holder.session == first)
      #expect(claim.defect?.contains("by hand") == true)
      #expect(try #require(claim.endsWithin) <= .seconds(30))
      #expect(survey.claims[x]?.defect == nil)
      #expect(survey.troubles.count == 1 && survey.troubles[0].contains(other))
      let torn = try await a.store.survey(within: .seconds(20)).sessions.first { $0.id == second }
      #expect(torn?.isRecorded == false && torn?.endsWithin != nil)
    }
  }

  @Test(.timeLimit(.minutes(10)), arguments: TestClusterKind.available)
  func aSessionThatIsNotRenewedIsOverdueAndThenGone(_ kind: TestClusterKind) async throws {
    try await kind.run { cluster in
      let namespace = try await cluster.makeNamespace()
      let (a, b) = (try StoreClient(cluster, namespace), try StoreClient(cluster, namespace))
      let first = try await a.open("node-a", timeToLive: .seconds(3))
      _ = try await a.acquire([x], first)
      _ = try await b.open("node-b")
      func session() async -> SurveyedSession? {
        let survey = try? await b.store.survey(within: .seconds(20))
        return survey?.sessions.first { $0.id == first }
      }
      await eventually { await session()?.isOverdue == true }
      #expect(try await b.store.survey(within: .seconds(20)).claims[x]?.holder.session == first)
      await eventually { await session() == nil }
      #expect(try await b.store.survey(within: .seconds(20)).claims.isEmpty)
    }
  }

  /// A look confirms no renewal: a watch that hangs must not look sound because somebody asks.
  @Test(.timeLimit(.minutes(10)))
  func aLookTellsTheTableNothing() async throws {
    try await TestClusterKind.inProcess.run { cluster in
      let namespace = try await cluster.makeNamespace()
      let a = try StoreClient(cluster, namespace)
      let onlooker = try StoreClient(cluster, namespace)
      _ = try await a.open("node-a")
      #expect(try await onlooker.store.survey(within: .seconds(20)).sessions.count == 1)
      #expect(onlooker.changes.isEmpty)
    }
  }
}
