import Announcer
import Cluster
import Testing
import Wire

/// What keeps this node, rather than every node, from announcing.
struct EligibilityTests {
  private let web = service("web", ["10.0.0.1"], isLocal: true)
  private let address = "10.0.0.1"

  @Test(
    arguments: [
      ([("node-a", true)], nil), ([("node-b", true)], .noLocalEndpoint), ([], .noEndpoint),
      ([("node-a", false)], .noEndpoint),
      ([("node-a", false), ("node-b", true)], .noLocalEndpoint),
      ([(nil, true)], nil), ([(nil, false)], .noEndpoint), ([("node-b", true), (nil, true)], nil),
    ] as [([(String?, Bool)], BlockReason?)])
  func localWantsAReadyEndpointHere(endpoints: [(String?, Bool)], reason: BlockReason?) {
    let one = selection([
      .policy(policy("p")), .service(web),
      .endpointSlice(slice("web-1", of: "web", endpoints.map { ($0.0, $0.1) })),
    ])
    #expect(one.obstacle(address) == reason)
    // The policy Cluster asks for nothing of the kind: any node forwards to where the endpoints are.
    var cluster = one
    cluster.update(.service(service("web", ["10.0.0.1"])), from: .kubernetes)
    #expect(cluster.wishes.requests.count == 1)
    #expect(cluster.obstacle(address) == nil)
  }

  @Test func endpointsComeAndGoInSlices() {
    var one = selection([.policy(policy("p")), .service(web)])
    #expect(one.obstacle(address) == .noEndpoint)
    one.update(.endpointSlice(slice("web-1", of: "web", [("node-b", true)])), from: .kubernetes)
    #expect(one.obstacle(address) == .noLocalEndpoint)
    one.update(.endpointSlice(slice("web-2", of: "web", [("node-a", true)])), from: .kubernetes)
    #expect(one.obstacle(address) == nil)
    // The slice passes to another Service.
    one.update(.endpointSlice(slice("web-2", of: "db", [("node-a", true)])), from: .kubernetes)
    #expect(one.obstacle(address) == .noLocalEndpoint)
    one.update(.endpointSlice(slice("web-2", of: "web", [("node-a", true)])), from: .kubernetes)
    one.update(.endpointSlice(slice("web-2", of: nil, [("node-a", true)])), from: .kubernetes)
    #expect(one.obstacle(address) == .noLocalEndpoint)
    one.remove(.endpointSlice, ObjectName("default", "web-1"), from: .kubernetes)
    #expect(one.obstacle(address) == .noEndpoint)
    one.update(.endpointSlice(slice("web-9", of: "web", [("node-a", true)])), from: .kubernetes)
    one.replace(.endpointSlice, with: [], from: .kubernetes)
    #expect(one.obstacle(address) == .noEndpoint)
  }

  /// kube-proxy forwards each family to the endpoints of that family, and to none of names in the DNS.
  @Test func anAddressFollowsTheEndpointsOfItsFamily() {
    let dual = service("web", ["10.0.0.1", "fd00::1"], isLocal: true)
    let six = "fd00::1"
    var one = selection([
      .policy(policy("p")), .service(dual),
      .endpointSlice(slice("web-4", of: "web", families: [.ipv4], [("node-b", true)])),
      .endpointSlice(slice("web-6", of: "web", families: [.ipv6], [("node-a", true)])),
    ])
    #expect(one.obstacle(address) == .noLocalEndpoint)
    #expect(one.obstacle(six) == nil)
    one.update(
      .endpointSlice(slice("web-6", of: "web", families: [], [("node-a", true)])),
      from: .kubernetes)
    #expect(one.obstacle(address) == .noLocalEndpoint, "FQDN")
    #expect(one.obstacle(six) == .noEndpoint)
    one.update(
      .endpointSlice(
        slice("web-4", of: "web", families: IPFamily.allCases, [("node-a", true)])),
      from: .kubernetes)
    #expect(one.obstacle(address) == nil, "nobody says the family")
    #expect(one.obstacle(six) == nil)
  }

  @Test func whoTakesOverHasAnEndpointOfTheFamily() {
    let dual = service("web", ["10.0.0.1", "fd00::1"], isLocal: true)
    let one = selection([
      .policy(policy("p")), .service(dual), .node(Node("node-b")),
      .node(Node("node-a", isUnschedulable: true)),
      .endpointSlice(
        slice("web-4", of: "web", families: [.ipv4], [("node-a", true), ("node-b", true)])),
      .endpointSlice(slice("web-6", of: "web", families: [.ipv6], [("node-a", true)])),
    ])
    #expect(one.obstacle(address) == .nodeLeaving(name: "node-a", taint: nil))
    #expect(one.obstacle("fd00::1") == nil)
  }

  /// An address of both kinds, wanted by policies of each, still goes by its own family.
  @Test func bothKindsOfOneAddressGoByItsFamily() {
    let both = service("web", ["fd00::1"], external: ["fd00::1"], isLocal: true)
    let one = selection([
      .policy(policy("a", external: false)), .policy(policy("b", loadBalancer: false)),
      .service(both),
      .endpointSlice(slice("web-4", of: "web", families: [.ipv4], [("node-a", true)])),
    ])
    #expect(one.obstacle("fd00::1") == .noEndpoint)
  }

  /// KEP-1669: the last pods answer while they finish their work.
  @Test func whatIsEndingServesWhereNothingIsReady() {
    func ending(_ name: String, _ family: IPFamily, _ nodes: [(String?, Bool)]) -> ClusterObject {
      .endpointSlice(
        EndpointSlice(
          ObjectName("default", name), service: "web", families: [family],
          endpoints: nodes.map { .init(node: $0.0, isReady: $0.1, isDraining: !$0.1) }))
    }
    var one = selection([
      .policy(policy("p")), .service(service("web", ["10.0.0.1", "fd00::1"], isLocal: true)),
      ending("web-4", .ipv4, [("node-a", false)]), ending("web-6", .ipv6, [("node-a", true)]),
    ])
    #expect(one.obstacle(address) == nil, "an endpoint of the other family is ready")
    #expect(one.obstacle("fd00::1") == nil)
    one.update(ending("web-5", .ipv4, [("node-b", true)]), from: .kubernetes)
    #expect(one.obstacle(address) == .noLocalEndpoint, "another node has one that is ready")
    one.update(ending("web-5", .ipv4, [("node-b", false)]), from: .kubernetes)
    #expect(one.obstacle(address) == nil, "both still serve")
    one.update(ending("web-4", .ipv4, []), from: .kubernetes)
    #expect(one.obstacle(address) == .noLocalEndpoint)
    one.update(
      .endpointSlice(slice("web-5", of: "web", [("node-a", false)])), from: .kubernetes)
    #expect(one.obstacle(address) == .noEndpoint, "neither ready nor serving")
  }

  @Test func onlySelectedNodesAnnounce() {
    let gateway = LabelSelector(matchLabels: ["role": "gateway"])
    var one = selection([
      .policy(policy("a", nodes: gateway, interfaces: ["lan0"])),
      .service(service("web", ["10.0.0.1"])), .node(Node("node-a", labels: ["role": "worker"])),
    ])
    #expect(one.obstacle(address) == .policiesForOtherNodes(["a"]))
    one.update(.node(Node("node-a", labels: ["role": "gateway"])), from: .kubernetes)
    #expect(one.summary == ["10.0.0.1 [lan0]"])
    // Of two policies only the one that selects this node lends its interfaces.
    one.update(.policy(policy("b", interfaces: ["lan1"])), from: .kubernetes)
    one.update(.node(Node("node-a")), from: .kubernetes)
    #expect(one.summary == ["10.0.0.1 [lan1]"])
  }

  @Test func aNodeNobodyDescribesHasItsNameAsLabel() {
    let byName = LabelSelector(matchLabels: ["kubernetes.io/hostname": "node-a"])
    let objects: [ClusterObject] = [
      .policy(policy("a", nodes: byName)), .service(service("web", ["10.0.0.1"])),
    ]
    #expect(selection(objects).obstacle(address) == nil)
    let strict = SelectionSettings(node: "node-a", knowsAllNodes: true)
    #expect(selection(objects, strict).obstacle(address) == .nodeUnknown(name: "node-a"))
    #expect(
      selection(objects + [.node(Node("node-a"))], strict).obstacle(address)
        == .noNodeSelected(["a"]))
    let both = objects + [.node(Node("node-a")), .node(Node("node-b"))]
    #expect(selection(both, strict).obstacle(address) == .noNodeSelected(["a"]))
    let labelled = Node("node-b", labels: ["kubernetes.io/hostname": "node-a"])
    #expect(
      selection(objects + [.node(Node("node-a")), .node(labelled)], strict).obstacle(address)
        == .policiesForOtherNodes(["a"]))
  }

  /// Files need no Node document for what a node knows of itself, and say where one is missing.
  @Test(
    arguments: [
      (["kubernetes.io/os": "linux"], nil),
      (["kubernetes.io/arch": WellKnownLabels.ownArchitecture], nil),
      (["kubernetes.io/os": "windows"], .policiesForOtherNodes(["p"])),
      (["kubernetes.io/hostname": "node-b", "role": "x"], .policiesForOtherNodes(["p"])),
      (
        ["kubernetes.io/os": "linux", "role": "x"],
        .nodeNotDescribed(name: "node-a", policies: ["p"], labels: ["role: \"x\""])
      ),
    ] as [([String: String], BlockReason?)])
  func whatANodeKnowsOfItselfNeedsNoDocument(labels: [String: String], reason: BlockReason?) {
    var one = selection(
      [
        .policy(policy("p", nodes: LabelSelector(matchLabels: labels))),
        .service(service("web", ["10.0.0.1"])),
      ], from: .manifests)
    #expect(one.obstacle(address) == reason)
    // A document that says something else does not take that away.
    one.update(.node(Node("node-a", labels: ["other": "x"])), from: .manifests)
    let isKnown = reason == nil
    #expect(one.obstacle(address) == (isKnown ? nil : .policiesForOtherNodes(["p"])))
    one.update(.node(Node("node-a", labels: ["role": "x"])), from: .manifests)
    let isSelected = isKnown || labels["role"] != nil && labels["kubernetes.io/hostname"] == nil
    #expect(one.obstacle(address) == (isSelected ? nil : .policiesForOtherNodes(["p"])))
    // What the API server says of a node is all that there is to it.
    one.update(.node(Node("node-a")), from: .kubernetes)
    #expect(one.obstacle(address) == .policiesForOtherNodes(["p"]))
  }

  @Test func anExcludedNodeAnnouncesNothing() {
    var one = selection([.policy(policy("p")), .service(service("web", ["10.0.0.1"]))])
    let label = "node.kubernetes.io/exclude-from-external-load-balancers"
    one.update(.node(Node("node-a", labels: Labels([label: "false"]))), from: .kubernetes)
    one.update(.node(Node("node-b")), from: .kubernetes)
    #expect(one.obstacle(address) == .nodeExcluded(name: "node-a"))
    one.update(.node(Node("node-a")), from: .kubernetes)
    #expect(one.obstacle(address) == nil)
  }

  @Test func aCordonedNodeStandsBackForOthersWhoMay() {
    var one = selection([.policy(policy("p")), .service(service("web", ["10.0.0.1"]))])
    let cordoned = Node("node-a", isUnschedulable: true)
    one.update(.node(cordoned), from: .kubernetes)
    #expect(one.obstacle(address) == nil, "there is nobody else")
    for other in [
      Node("node-b", isUnschedulable: true), Node("node-b", isReady: false),
      Node("node-b", labels: [BlockReason.exclusionLabel: ""]),
      Node("node-b", taints: ["ToBeDeletedByClusterAutoscaler"]),
    ] {
      one.update(.node(other), from: .kubernetes)
      #expect(one.obstacle(address) == nil, "\(other) cannot take over")
    }
    for other in [Node("node-b"), Node("node-b", taints: ["dedicated"], isReady: true)] {
      one.update(.node(other), from: .kubernetes)
      #expect(one.obstacle(address) == .nodeLeaving(name: "node-a", taint: nil))
    }
    one.update(.node(Node("node-a")), from: .kubernetes)
    #expect(one.obstacle(address) == nil)
    one.update(.node(Node("node-a", taints: ["karpenter.sh/disrupted"])), from: .kubernetes)
    #expect(
      one.obstacle(address) == .nodeLeaving(name: "node-a", taint: "karpenter.sh/disrupted"))
    one.update(.node(Node("node-a", taints: ["CriticalAddonsOnly"])), from: .kubernetes)
    #expect(one.obstacle(address) == nil)
  }

  @Test func whoTakesOverMustBeSelectedAndHaveAnEndpoint() {
    let gateway = LabelSelector(matchLabels: ["role": "gateway"])
    var one = selection([
      .policy(policy("p", nodes: gateway)), .service(web),
      .endpointSlice(slice("web-1", of: "web", [("node-a", true)])),
      .node(Node("node-a", labels: ["role": "gateway"], isUnschedulable: true)),
      .node(Node("node-b")),
    ])
    #expect(one.obstacle(address) == nil, "node-b is not selected")
    one.update(.node(Node("node-b", labels: ["role": "gateway"])), from: .kubernetes)
    #expect(one.obstacle(address) == nil, "node-b has no endpoint")
    let both = slice("web-1", of: "web", [("node-a", true), ("node-b", true)])
    one.update(.endpointSlice(both), from: .kubernetes)
    #expect(one.obstacle(address) == .nodeLeaving(name: "node-a", taint: nil))
    one.update(
      .policy(policy("p", nodes: LabelSelector(matchLabels: ["role": "x"]))), from: .kubernetes)
    #expect(one.obstacle(address) == .policiesForOtherNodes(["p"]))
    one.update(.policy(policy("p")), from: .kubernetes)
    #expect(one.obstacle(address) == .nodeLeaving(name: "node-a", taint: nil))
    one.remove(.node, ObjectName("", "node-b"), from: .kubernetes)
    #expect(one.obstacle(address) == nil)
  }

  @Test func aPolicyThatComesWhileTheNodeIsLeavingFindsItsSuccessors() {
    let gateway = LabelSelector(matchLabels: ["role": "gateway"])
    var one = selection([
      .service(service("web", ["10.0.0.1"])), .node(Node("node-b")),
      .node(Node("node-a", labels: ["role": "gateway"], isUnschedulable: true)),
    ])
    one.update(.policy(policy("p")), from: .kubernetes)
    #expect(one.obstacle(address) == .nodeLeaving(name: "node-a", taint: nil))
    one.update(.policy(policy("p", nodes: gateway)), from: .kubernetes)
    #expect(one.obstacle(address) == nil)
  }
}
