import Announcer
import Cluster
import SeededRandom
import Testing
import Wire

/// The outcome is a function of the objects, whatever the order in which they came and went.
struct OrderTests {
  @Test(arguments: seeds(150))
  func theOrderOfEventsDoesNotMatter(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let settings = SelectionSettings(
      node: "n0", loadBalancerClasses: ["ours"], defaultPolicy: policy("default"),
      hasPolicyKind: Bool.random(using: &random), knowsAllNodes: Bool.random(using: &random))
    // The objects as they are in the end, and the last good form of each policy.
    var final: [ObjectKey: ClusterObject] = [:]
    var lastGood: [ObjectKey: ClusterObject] = [:]
    var kinds: [ObjectKey: ClusterObject.Kind] = [:]
    var incremental = Selection(settings)
    // What there has been once counts: that a policy, or this node's object in a file, is missing is not that
    // there is none.
    var hasHadPolicy = false
    var hasHadNode = false
    for _ in 0..<120 {
      let object = randomObject(&random)
      let source: ObjectSource =
        Int.random(in: 0..<4, using: &random) == 0 ? .manifests : .kubernetes
      // One key for each object of each kind.
      let key = ObjectKey(ObjectName(object.kind.rawValue, "\(object.name)"), source)
      kinds[key] = object.kind
      if Int.random(in: 0..<4, using: &random) == 0 {
        incremental.remove(object.kind, object.name, from: source)
        final[key] = nil
        lastGood[key] = nil
      } else {
        incremental.update(object, from: source)
        final[key] = object
        if case .node(let node) = object, node.name == settings.node { hasHadNode = true }
        if case .policy(let policy) = object {
          hasHadPolicy = true
          if !isFaulty(policy) { lastGood[key] = object }
        }
      }
      if Int.random(in: 0..<20, using: &random) == 0 {
        incremental = Selection(settings, objectsOf: incremental)
      }
    }
    let expected = outcome(incremental)
    for _ in 0..<4 {
      var fresh = Selection(settings)
      if hasHadPolicy {
        fresh.update(.policy(policy("past")), from: .manifests)
        fresh.remove(.policy, ObjectName("", "past"), from: .manifests)
      }
      if hasHadNode {
        fresh.update(.node(Node(settings.node)), from: .manifests)
        fresh.remove(.node, ObjectName("", settings.node), from: .manifests)
      }
      // A policy that is faulty now is in force as it last was.
      for (key, object) in lastGood.shuffled(using: &random) {
        fresh.update(object, from: key.source)
      }
      for (key, object) in final.shuffled(using: &random) {
        fresh.update(object, from: key.source)
      }
      #expect(outcome(fresh) == expected)
    }
  }

  /// The whole list at once is the same as one event after another.
  @Test(arguments: seeds(30))
  func aListIsAsGoodAsEvents(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let settings = SelectionSettings(node: "n0")
    var events = Selection(settings)
    var lists = Selection(settings)
    for _ in 0..<5 {
      let objects = (0..<40).map { _ in randomObject(&random, faults: false) }
      for kind in ClusterObject.Kind.allCases {
        // Of two objects of one name the last counts.
        var unique: [ObjectName: ClusterObject] = [:]
        for object in objects where object.kind == kind { unique[object.name] = object }
        lists.replace(kind, with: unique.values.shuffled(using: &random), from: .kubernetes)
        events = Self.apply(unique, kind, to: events)
      }
      #expect(outcome(lists) == outcome(events))
    }
  }

  private static func apply(
    _ objects: [ObjectName: ClusterObject], _ kind: ClusterObject.Kind, to selection: Selection
  ) -> Selection {
    var selection = selection
    for number in 0..<8 {
      for name in [
        ObjectName("ns0", "o\(number)"), ObjectName("ns1", "o\(number)"),
        ObjectName("", "n\(number)"),
        ObjectName("", "p\(number)"),
      ] where objects[name] == nil {
        selection.remove(kind, name, from: .kubernetes)
      }
    }
    for object in objects.values { selection.update(object, from: .kubernetes) }
    return selection
  }

  private func outcome(_ selection: Selection) -> [String] {
    let addresses = (0..<12).map { IPAddress("10.0.0.\($0)")! }
    return selection.summary
      + addresses.flatMap { selection.wishes.origins(of: $0) }
      + addresses.flatMap { selection.explanations(of: $0).map(\.description) }
      + selection.policyNotes + selection.warnings.map(\.description)
      + selection.pendingConditions.map { "\($0.policy) \($0.conditions)" }
  }

  private func isFaulty(_ policy: L2AnnouncementPolicy) -> Bool {
    policy.interfaces.contains("(") || policy.serviceSelector?.matchExpressions.isEmpty == false
  }

  private func randomObject(_ random: inout SplitMix64, faults: Bool = true) -> ClusterObject {
    func pick<Element>(_ elements: [Element]) -> Element {
      elements[Int.random(in: 0..<elements.count, using: &random)]
    }
    func labels() -> Labels {
      Labels(["app": pick(["a", "b", "c"]), "zone": pick(["x", "y"])])
    }
    func selector() -> LabelSelector? {
      pick([nil, LabelSelector(matchLabels: ["app": pick(["a", "b"])]), LabelSelector()])
    }
    func address() -> String { "10.0.0.\(Int.random(in: 0..<12, using: &random))" }
    let name = ObjectName(pick(["ns0", "ns1"]), "o\(Int.random(in: 0..<8, using: &random))")
    let number = Int.random(in: 0..<4, using: &random)
    switch Int.random(in: 0..<10, using: &random) {
    case 0...3:
      return .service(
        Service(
          name, labels: labels(), type: pick(["LoadBalancer", "LoadBalancer", "ClusterIP"]),
          loadBalancerClass: pick([nil, nil, "ours", "theirs"]),
          externalIPs: pick([[], [address()]]),
          ingress: pick([[], [.init(ip: address())], [.init(hostname: "h")]]),
          loadBalancerIP: pick([nil, address()]), isLocal: pick([true, false]),
          isBeingDeleted: pick([true, false, false, false])))
    case 4...5:
      let nodes: [String?] = ["n0", "n1", "n2", nil]
      return .endpointSlice(
        EndpointSlice(
          name, service: pick([nil, "o0", "o1", "o2", "o3"]),
          families: pick([[.ipv4], [.ipv4], [.ipv6], [], [.ipv4, .ipv6]]),
          endpoints: (0..<number).map { _ in
            .init(
              node: pick(nodes), isReady: pick([true, false]), isDraining: pick([true, false]))
          }))
    case 6...7:
      return .node(
        Node(
          "n\(number)",
          labels: pick([labels(), labels(), [BlockReason.exclusionLabel: "x", "app": "a"]]),
          isUnschedulable: pick([true, false, false]),
          taints: pick([[], [], ["karpenter.sh/disrupted"]]),
          isReady: pick([nil, true, true, false])))
    case 8:
      var services = selector()
      if faults && number == 0 {
        services = LabelSelector(matchExpressions: [.init(key: "k", operator: "Maybe")])
      }
      return .policy(
        L2AnnouncementPolicy(
          "p\(number)", nodeSelector: selector(), serviceSelector: services,
          interfaces: pick([[], ["a"], ["b", "c"], faults ? ["("] : ["d"]]),
          externalIPs: pick([true, false]), loadBalancerIPs: pick([true, true, false]),
          generation: 1))
    default:
      return .pool(LoadBalancerIPPool("p\(number)", blocks: [.cidr("\(address())/\(28 + number)")]))
    }
  }
}
