import Cluster
import Kubernetes
import KubernetesTestKit
import LANTestKit
import LinuxSystem
import Testing

@testable import KubernetesReports

struct PolicyStatusWriterTests {
  private let bad = PolicyFault.interfaces.rawValue

  private func condition(
    _ isTrue: Bool, _ message: String = "", generation: Int64 = 1
  ) -> PolicyCondition {
    PolicyCondition(
      type: bad, isTrue: isTrue, message: message, observedGeneration: generation)
  }

  @Test func otherProgramsConditionsStayAndATransitionHasItsTime() {
    let foreign = Condition(
      type: "example.com/seen", status: "True", lastTransitionTime: "t0", reason: "x")
    let once = PolicyStatusWriter.merge([condition(true, "m")], into: [foreign], at: "t1")
    #expect(once.map(\.type) == ["example.com/seen", bad])
    #expect(once[0] == foreign)
    #expect(once[1].status == "True" && once[1].message == "m")
    #expect(once[1].lastTransitionTime == "t1" && once[1].reason == "error")
    // Other words, the same status: no transition.
    let again = PolicyStatusWriter.merge([condition(true, "n")], into: once, at: "t2")
    #expect(again[1].message == "n" && again[1].lastTransitionTime == "t1")
    let over = PolicyStatusWriter.merge([condition(false)], into: again, at: "t3")
    #expect(over[1].status == "False" && over[1].lastTransitionTime == "t3")
    // What is not ours is not written, whoever asks.
    let stranger = PolicyCondition(type: "example.com/seen", isTrue: false)
    #expect(PolicyStatusWriter.merge([stranger], into: [foreign], at: "t4") == [foreign])
  }

  @Test(arguments: TestClusterKind.available)
  func theStatusIsWrittenAndNothingElse(kind: TestClusterKind) async throws {
    try await kind.run { cluster in
      try await cluster.install(.policy())
      try await cluster.apply(
        """
        {"apiVersion": "cilium.io/v2alpha1", "kind": "CiliumL2AnnouncementPolicy",
         "metadata": {"name": "lan"}, "spec": {"interfaces": ["("]},
         "status": {"conditions": [{"type": "example.com/seen", "status": "True",
           "lastTransitionTime": "2026-01-01T00:00:00Z", "reason": "x", "message": ""}]}}
        """)
      let writer = PolicyStatusWriter(try cluster.client())
      let collection = "/apis/cilium.io/v2alpha1/ciliuml2announcementpolicies"
      try await writer.write([condition(true, "m")], to: "lan", in: collection)
      let policy = try #require(try await cluster.get(.policy(), "lan"))
      let conditions = policy["status"]["conditions"].array
      #expect(conditions.map { $0["type"].string } == ["example.com/seen", bad])
      #expect(conditions.last?["status"].string == "True")
      #expect(policy["spec"]["interfaces"].array == ["("])
      // Once more changes nothing, not even the version.
      try await writer.write([condition(true, "m")], to: "lan", in: collection)
      let same = try #require(try await cluster.get(.policy(), "lan"))
      #expect(same["metadata"]["resourceVersion"] == policy["metadata"]["resourceVersion"])
    }
  }
}
