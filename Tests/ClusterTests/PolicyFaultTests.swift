import Announcer
import Cluster
import Testing
import Wire

struct PolicyFaultTests {
  private let web = ClusterObject.service(service("web", ["10.0.0.1"], labels: ["app": "web"]))
  private let bad = LabelSelector(matchExpressions: [.init(key: "k", operator: "In")])

  @Test func aFaultyPolicyStaysInForceAsItLastWas() {
    let good = policy("p", interfaces: ["lan0"])
    var one = selection([web, .policy(good)])
    for fault in [
      policy("p", interfaces: ["lan1", "lan("]), policy("p", nodes: bad),
      policy("p", services: bad, interfaces: ["lan2"]),
    ] {
      one.update(.policy(fault), from: .kubernetes)
      #expect(one.summary == ["10.0.0.1 [lan0]"])
      #expect(one.faults(ofPolicy: "p", from: .kubernetes).count == 1)
      // What comes meanwhile meets the policy that is in force.
      one.update(.service(service("db", ["10.0.0.2"])), from: .kubernetes)
      #expect(one.summary == ["10.0.0.1 [lan0]", "10.0.0.2 [lan0]"])
      one.remove(.service, ObjectName("default", "db"), from: .kubernetes)
    }
    one.update(.policy(policy("p", interfaces: ["lan3"])), from: .kubernetes)
    #expect(one.summary == ["10.0.0.1 [lan3]"])
    #expect(one.faults(ofPolicy: "p", from: .kubernetes).isEmpty)
    one.update(.policy(policy("p", nodes: bad)), from: .kubernetes)
    one.remove(.policy, ObjectName("", "p"), from: .kubernetes)
    #expect(one.summary == [])
    // A new object of that name has no past.
    one.update(.policy(policy("p", nodes: bad)), from: .kubernetes)
    #expect(one.summary == [])
  }

  @Test func aPolicyThatWasNeverGoodSelectsNothingAndIsNoReasonForTheDefaults() {
    let settings = SelectionSettings(
      node: "node-a", defaultPolicy: policy("default"), hasPolicyKind: false)
    let one = selection([web, .policy(policy("p", interfaces: ["["]))], settings)
    #expect(one.summary == [])
    #expect(
      one.policyNotes == [
        "policy p: interfaces: interfaces[0]: '[' is not a regular expression: expected custom "
          + "character class members at character 1; it selects nothing until that is corrected"
      ])
  }

  @Test func everyFaultOfAPolicyIsFoundAtOnce() {
    let faulty = policy(
      "p", nodes: bad, services: bad, interfaces: [String(repeating: "a", count: 257)])
    let one = selection([.policy(faulty)])
    #expect(
      one.faults(ofPolicy: "p", from: .kubernetes) == [
        .nodeSelector: "matchExpressions[0].values: In needs at least one",
        .serviceSelector: "matchExpressions[0].values: In needs at least one",
        .interfaces: "interfaces[0]: longer than 256 characters",
      ])
  }

  @Test func anEmptyPatternMeansEveryInterface() {
    let one = selection([web, .policy(policy("p", interfaces: ["lan0", ""]))])
    #expect(one.summary == ["10.0.0.1 []"])
  }

  @Test func theConditionsAreWrittenOnceAndTakenBack() {
    let foreign = PolicyCondition(type: "example.com/seen", isTrue: true)
    var written = policy("p", interfaces: ["("])
    written.generation = 3
    written.conditions = [foreign]
    var one = selection([.policy(written), .policy(policy("fine"))])
    let message = one.faults(ofPolicy: "p", from: .kubernetes)[.interfaces]!
    let expected = PolicyCondition(
      type: "io.cilium/bad-interface-regex", isTrue: true, message: message,
      observedGeneration: 3)
    #expect(one.pendingConditions.map(\.policy) == ["p"])
    #expect(one.pendingConditions.first?.conditions == [foreign, expected])
    // The status comes back as it was written: nothing more to say.
    written.conditions = [foreign, expected]
    one.update(.policy(written), from: .kubernetes)
    #expect(one.pendingConditions.isEmpty)
    // Corrected: the condition stays, as false.
    written.interfaces = ["lan0"]
    written.generation = 4
    one.update(.policy(written), from: .kubernetes)
    let over = PolicyCondition(
      type: "io.cilium/bad-interface-regex", isTrue: false, observedGeneration: 4)
    #expect(one.pendingConditions.first?.conditions == [foreign, over])
    written.conditions = [foreign, over]
    written.generation = 5
    one.update(.policy(written), from: .kubernetes)
    #expect(one.pendingConditions.isEmpty)
    // A file has no status.
    #expect(
      selection([.policy(policy("p", nodes: bad))], from: .manifests).pendingConditions.isEmpty)
  }

  @Test(arguments: [
    (PolicyFault.nodeSelector, "io.cilium/bad-node-selector"),
    (.serviceSelector, "io.cilium/bad-service-selector"),
    (.interfaces, "io.cilium/bad-interface-regex"),
  ])
  func theConditionsHaveTheNamesPeopleKnow(fault: PolicyFault, name: String) {
    #expect(fault.rawValue == name)
  }
}
