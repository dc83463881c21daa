import Announcer
import Cluster
import SeededRandom
import Testing
import Wire

/// What is not known is not permission.
struct FailClosedTests {
  private let web = ClusterObject.service(service("web", ["10.0.0.1"], labels: ["app": "web"]))
  private let settings = SelectionSettings(
    node: "node-a", defaultPolicy: policy("default"), hasPolicyKind: false)

  @Test func aFileThatMayHaveAPolicyEndsTheDefault() {
    var one = selection([web], settings, from: .manifests)
    #expect(one.summary == ["10.0.0.1 []"])
    let before = one.revision
    one.setUnread([.policy: ["p.yaml"]])
    #expect(one.revision > before)
    #expect(one.summary == [])
    #expect(
      one.explanations(of: IPAddress("10.0.0.1")!).map(\.reasons) == [
        [.policiesUnread(["p.yaml"])]
      ])
    // Of another kind: nothing that it may say takes anything away.
    one.setUnread([.service: ["s.yaml"], .pool: ["s.yaml"]])
    #expect(one.summary == ["10.0.0.1 []"])
    // A policy that is understood decides, whatever else there may be: policies only add.
    one.update(.policy(policy("lan")), from: .manifests)
    one.setUnread([.policy: ["p.yaml"]])
    #expect(one.summary == ["10.0.0.1 []"])
  }

  @Test func aFileThatMayDescribeThisNodeIsAnObstacle() {
    var one = selection([web], settings, from: .manifests)
    one.setUnread([.node: ["n.yaml"]])
    #expect(one.obstacle("10.0.0.1") == .nodeUnread(files: ["n.yaml"]))
    one.update(.node(Node("node-a")), from: .manifests)
    #expect(one.obstacle("10.0.0.1") == nil)
    one.setUnread([:])
    one.remove(.node, ObjectName("", "node-a"), from: .manifests)
    #expect(one.obstacle("10.0.0.1") == .nodeGone(name: "node-a"))
  }

  /// A leaving node takes what is not understood for somebody who may take over.
  @Test func aLeavingNodeAssumesThatOthersAreThere() {
    var node = Node("node-a")
    node.isUnschedulable = true
    var one = selection([web, .node(node)], settings, from: .manifests)
    #expect(one.obstacle("10.0.0.1") == nil)
    one.setUnread([.node: ["n.yaml"]])
    #expect(one.obstacle("10.0.0.1") == .nodeLeaving(name: "node-a", taint: nil))
  }

  /// Endpoints that end count only where no other can be ready.
  @Test func endpointsThatEndDoNotCountWhileASliceIsNotUnderstood() {
    var ending = slice("e", of: "web", [("node-a", false)])
    ending.endpoints[0].isDraining = true
    let web = ClusterObject.service(service("web", ["10.0.0.1"], isLocal: true))
    var one = selection([web, .endpointSlice(ending)], settings, from: .manifests)
    #expect(one.obstacle("10.0.0.1") == nil)
    one.setUnread([.endpointSlice: ["e2.yaml"]])
    #expect(one.obstacle("10.0.0.1") == .noEndpoint)
  }

  /// An unknown label of this node meets no requirement, not even `DoesNotExist`.
  @Test func anUnknownLabelMeetsNoRequirement() {
    let control = "node-role.kubernetes.io/control-plane"
    func requiring(_ expression: LabelSelector.Expression) -> ClusterObject {
      .policy(policy("p", nodes: LabelSelector(matchExpressions: [expression])))
    }
    for expression in [
      LabelSelector.Expression(key: control, operator: "DoesNotExist"),
      .init(key: control, operator: "NotIn", values: ["x"]),
    ] {
      var one = selection([web, requiring(expression)], settings, from: .manifests)
      #expect(
        one.obstacle("10.0.0.1")
          == .nodeNotDescribed(name: "node-a", policies: ["p"], labels: []))
      one.update(.node(Node("node-a")), from: .manifests)
      #expect(one.obstacle("10.0.0.1") == nil)
      one.update(.node(Node("node-a", labels: [control: "x"])), from: .manifests)
      #expect(one.obstacle("10.0.0.1") == .policiesForOtherNodes(["p"]))
    }
    // What the node knows of itself is known.
    let windows = LabelSelector.Expression(
      key: "kubernetes.io/os", operator: "NotIn", values: ["windows"])
    #expect(
      selection([web, requiring(windows)], settings, from: .manifests).obstacle("10.0.0.1") == nil)
  }

  /// What is said of this node under another spelling of its name is not passed over.
  @Test(arguments: [
    ("NODE-A", "node-a", true), ("node-a.example.org", "node-a", true),
    ("node-a", "node-a.example.org", true), ("node-a", "node-b", false),
    ("node-a.example.org", "node-a.example.com", false),
  ])
  func aNodeOfAlmostThisNameIsMeant(name: String, described: String, isMeant: Bool) {
    var settings = settings
    settings.node = name
    let excluded = Node(
      described, labels: ["node.kubernetes.io/exclude-from-external-load-balancers": ""])
    let one = selection([web, .node(excluded)], settings, from: .manifests)
    #expect(one.obstacle("10.0.0.1") == (isMeant ? .nodeUnknown(name: name) : nil))
  }

  /// A file with one object.
  private struct File {
    let object: ClusterObject
    /// Whether it was understood once.
    var isUnderstood = false
  }

  /// Files that are broken, missing, late and mended in any order never make this node announce what it does not
  /// announce once all of them are as they are meant.
  @Test(arguments: seeds(400))
  func noOrderOfBrokenAndMendedFilesAnnouncesTooMuch(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    // Without the default policy files may come late; with it they must be there from the start, in whatever state.
    let isDefaulting = random.chance(50)
    var settings = settings
    if !isDefaulting { settings.defaultPolicy = nil }
    var files = objects(&random).map { File(object: $0) }
    let meant = announced(by: selection(files.map(\.object), settings, from: .manifests))
    var one = Selection(settings)
    var unread: [ClusterObject.Kind: Set<String>] = [:]
    func set(_ number: Int, _ state: Int) {
      let object = files[number].object
      switch state {
      case 0:  // Broken. What was understood once stays as it was.
        if !files[number].isUnderstood {
          let kinds = random.chance(50) ? [object.kind] : ClusterObject.Kind.allCases
          for kind in kinds { unread[kind, default: []].insert("\(number)") }
        }
      case 1:  // Missing.
        one.remove(object.kind, object.name, from: .manifests)
      default:
        files[number].isUnderstood = true
        for kind in ClusterObject.Kind.allCases { unread[kind]?.remove("\(number)") }
        one.update(object, from: .manifests)
      }
      one.setUnread(unread.filter { !$0.value.isEmpty }.mapValues { $0.sorted() })
    }
    // Before the first look is over nothing is decided.
    for number in files.indices {
      // That a Node will come to say more about this node cannot be known.
      let isThere = isDefaulting || files[number].object.kind == .node
      set(number, isThere ? [0, 2][random.below(2)] : random.below(3))
    }
    for _ in 0..<60 {
      let excess = announced(by: one).subtracting(meant)
      #expect(excess.isEmpty, "\(excess) with \(unread) of \(files)")
      set(random.below(files.count), random.below(3))
    }
    for number in files.indices { set(number, 2) }
    #expect(announced(by: one) == meant)
  }

  private func announced(by selection: Selection) -> Set<IPAddress> {
    Set(
      selection.wishes.requests.filter { $0.obstacle == nil }
        .flatMap { $0.ranges.flatMap { Array($0.addresses) } })
  }

  private func objects(_ random: inout SplitMix64) -> [ClusterObject] {
    var objects: [ClusterObject] = (0..<5).map { number in
      .service(
        service(
          "s\(number)", ["10.0.0.\(number)"], labels: ["app": random.pick(["a", "b"])],
          isLocal: random.chance(30)))
    }
    for number in 0..<random.below(3) {
      objects.append(
        .policy(
          policy(
            "p\(number)",
            nodes: random.chance(50)
              ? LabelSelector(
                matchExpressions: [
                  .init(key: "role", operator: random.pick(["Exists", "DoesNotExist"]))
                ]) : nil,
            services: LabelSelector(matchLabels: ["app": random.pick(["a", "b"])]))))
    }
    if random.chance(70) {
      objects.append(
        .node(
          Node(
            "node-a",
            labels: random.pick([
              [:], ["role": "x"], ["node.kubernetes.io/exclude-from-external-load-balancers": ""],
            ]))))
    }
    for number in 0..<random.below(3) {
      objects.append(
        .endpointSlice(
          slice("e\(number)", of: "s\(number)", [(random.pick(["node-a", "node-b"]), true)])))
    }
    return objects
  }
}
