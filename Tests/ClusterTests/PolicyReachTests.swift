import Announcer
import Cluster
import Testing
import Wire

/// Clusters in which no node is left that may announce: kubeadm and Talos keep control planes out of load
/// balancing by a label, and small clusters have nothing else.
struct PolicyReachTests {
  private let address = "10.0.0.1"
  private let web = ClusterObject.service(service("web", ["10.0.0.1"]))

  private func node(_ name: String, excluded: Bool = true, role: String? = nil) -> ClusterObject {
    var labels: [String: String] = [:]
    if excluded { labels[BlockReason.exclusionLabel] = "" }
    labels["role"] = role
    return .node(Node(name, labels: Labels(labels)))
  }

  @Test func whereEveryNodeIsExcludedNobodyAnnounces() {
    var one = selection([.policy(policy("p")), web, node("node-a"), node("node-b")])
    #expect(one.obstacle(address) == .everyNodeExcluded(name: "node-a"))
    #expect(one.obstacle(address)?.isIntended == false, "nobody meant it so")
    #expect(one.obstacle(address)?.isEverybodys == true)
    #expect(
      one.exclusions == ["policy p: \(BlockReason.everyNodeExcluded(name: "node-a"))"])
    // One is enough, wherever it is.
    one.update(node("node-b", excluded: false), from: .kubernetes)
    #expect(one.obstacle(address) == .nodeExcluded(name: "node-a"))
    #expect(one.obstacle(address)?.isIntended == true)
    #expect(one.exclusions == [])
    one.remove(.node, ObjectName("", "node-b"), from: .kubernetes)
    #expect(one.obstacle(address) == .everyNodeExcluded(name: "node-a"))
    one.update(node("node-a", excluded: false), from: .kubernetes)
    #expect(one.obstacle(address) == nil)
  }

  /// A node that the policy does not select does not help, and says the same.
  @Test func onlyNodesThatAPolicySelectsCount() {
    let gateways = LabelSelector(matchLabels: ["role": "gateway"])
    var one = selection([
      .policy(policy("p", nodes: gateways)), web, node("node-a", excluded: false),
      node("node-c", role: "gateway"), node("node-b", role: "gateway"),
    ])
    #expect(one.obstacle(address) == .everyNodeExcluded(name: "node-b"))
    // Another policy that wants the address may have nodes.
    one.update(.policy(policy("q")), from: .kubernetes)
    #expect(one.obstacle(address) == nil)
    one.remove(.policy, ObjectName("", "q"), from: .kubernetes)
    one.update(node("node-d", excluded: false, role: "gateway"), from: .kubernetes)
    #expect(one.obstacle(address) == .policiesForOtherNodes(["p"]))
    one.update(
      .policy(policy("p", nodes: LabelSelector(matchLabels: ["role": "none"]))), from: .kubernetes)
    #expect(one.obstacle(address) == .policiesForOtherNodes(["p"]))
    #expect(one.exclusions == [])
  }

  @Test func theDefaultPolicyIsNamedAsSuch() {
    let settings = SelectionSettings(
      node: "node-a", defaultPolicy: policy(""), hasPolicyKind: false)
    let one = selection([web, node("node-a")], settings)
    #expect(one.exclusions.count == 1)
    #expect(one.exclusions.first?.hasPrefix("default policy: every node") == true)
  }

  /// A selector with a slip in it: where all nodes are known, that nobody announces is known too.
  @Test func aPolicyThatSelectsNoNodeOfAll() {
    let strict = SelectionSettings(node: "node-a", knowsAllNodes: true)
    let slip = LabelSelector(matchLabels: ["rol": "gateway"])
    var one = selection(
      [
        .policy(policy("p", nodes: slip)), web, node("node-a", excluded: false, role: "gateway"),
        node("node-b", excluded: false, role: "gateway"),
      ], strict)
    #expect(one.obstacle(address) == .noNodeSelected(["p"]))
    #expect(one.obstacle(address)?.isEverybodys == true)
    #expect(one.policiesWithoutNodes == ["p"])
    #expect(
      one.obstacle(address)?.description
        == "policy p selects none of the cluster's nodes: nobody announces it; compare nodeSelector "
        + "with `kubectl get nodes --show-labels`")
    // Another policy that wants the address has nodes: then it is theirs.
    let other = LabelSelector(matchLabels: ["role": "worker"])
    one.update(.policy(policy("q", nodes: other)), from: .kubernetes)
    #expect(one.obstacle(address) == .noNodeSelected(["p", "q"]))
    one.update(node("node-b", excluded: false, role: "worker"), from: .kubernetes)
    #expect(one.obstacle(address) == .policiesForOtherNodes(["p", "q"]))
    #expect(one.policiesWithoutNodes == ["p"])
  }

  /// This node may be one that the cluster does not know; then that is what is wrong.
  @Test func aNodeThatIsNotKnownSaysThat() {
    let strict = SelectionSettings(node: "node-x", knowsAllNodes: true)
    let one = selection([.policy(policy("p")), web, node("node-a")], strict)
    #expect(one.obstacle(address) == .nodeUnknown(name: "node-x"))
    #expect(one.exclusions.count == 1)
  }
}
