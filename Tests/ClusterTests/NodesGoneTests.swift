import Announcer
import Cluster
import Testing
import Wire

/// All Node objects deleted: what was known last of this node goes on. One of several deleted: that one was meant.
struct NodesGoneTests {
  private let address = "10.0.0.1"
  private let web = ClusterObject.service(service("web", ["10.0.0.1"]))
  private let strict = SelectionSettings(node: "node-a", knowsAllNodes: true)
  private let gateways = LabelSelector(matchLabels: ["role": "gateway"])

  private func node(_ name: String, _ labels: Labels = [:], cordoned: Bool = false)
    -> ClusterObject
  {
    .node(Node(name, labels: labels, isUnschedulable: cordoned))
  }

  private func delete(_ name: String, from one: inout Selection) {
    one.remove(.node, ObjectName("", name), from: .kubernetes)
  }

  @Test(arguments: [["node-a", "node-b"], ["node-b", "node-a"]])
  func aNodeGoesOnAsItWasKnownLast(order: [String]) {
    var one = selection(
      [
        .policy(policy("p", nodes: gateways)), web, node("node-a", ["role": "gateway"]),
        node("node-b", ["role": "worker"]),
      ], strict)
    delete(order[0], from: &one)
    let isOwn = order[0] == "node-a"
    #expect(one.obstacle(address) == (isOwn ? .nodeUnknown(name: "node-a") : nil))
    #expect(one.nodeNote == nil)
    let before = one.revision
    delete(order[1], from: &one)
    #expect(one.summary == ["10.0.0.1 []"], "the policy selects it by the label it had")
    #expect(one.policiesWithoutNodes == [])
    #expect(one.nodeNote?.contains("its Node node-a had last") == true)
    #expect(one.revision > before)
    // Any Node ends it: the cluster has its say again.
    one.update(node("node-b"), from: .kubernetes)
    #expect(one.obstacle(address) == .nodeUnknown(name: "node-a"))
    #expect(one.nodeNote == nil)
  }

  /// A list in which there is none, after a watch that broke.
  @Test func aListWithoutAnyIsTheSame() {
    var one = selection([.policy(policy("p")), web, node("node-a"), node("node-b")], strict)
    one.replace(.node, with: [], from: .kubernetes)
    #expect(one.obstacle(address) == nil)
    #expect(one.nodeNote != nil)
    // What this node has is kept through a reload of the configuration.
    one = Selection(one.settings, objectsOf: one)
    #expect(one.obstacle(address) == nil)
    #expect(one.nodeNote != nil)
  }

  /// What was known last forbids as it did.
  @Test func whatForbadeItForbidsStill() {
    let excluded: Labels = [BlockReason.exclusionLabel: ""]
    var one = selection(
      [.policy(policy("p")), web, node("node-a", excluded), node("node-b")], strict)
    one.replace(.node, with: [], from: .kubernetes)
    #expect(one.obstacle(address)?.isEverybodys == true)
    #expect(one.obstacle(address) == .everyNodeExcluded(name: "node-a"))
    var other = selection(
      [.policy(policy("p", nodes: gateways)), web, node("node-a", ["role": "worker"])], strict)
    other.replace(.node, with: [], from: .kubernetes)
    #expect(other.obstacle(address) == .noNodeSelected(["p"]))
  }

  /// A node that never heard of itself, whose Node may be one that is not understood, or that files describe, takes
  /// nothing for permission.
  @Test func whatWasNeverKnownIsNoPermission() {
    var one = selection([.policy(policy("p")), web, node("node-b")], strict)
    one.replace(.node, with: [], from: .kubernetes)
    #expect(one.obstacle(address) == .nodeUnknown(name: "node-a"))
    #expect(one.nodeNote == nil)

    var unread = selection([.policy(policy("p")), web, node("node-a")], strict)
    unread.setUnread([.node: ["Node node-a: spec: text"]])
    unread.replace(.node, with: [], from: .kubernetes)
    #expect(unread.obstacle(address) == .nodeUnread(files: ["Node node-a: spec: text"]))

    let files = SelectionSettings(node: "node-a")
    var written = selection([.policy(policy("p")), web, node("node-a")], files, from: .manifests)
    written.replace(.node, with: [], from: .manifests)
    #expect(written.obstacle(address) == .nodeGone(name: "node-a"))
  }

  /// No other node is known that could take over from one that was cordoned.
  @Test func aCordonedNodeServesWhereNoOtherIsKnown() {
    var one = selection(
      [.policy(policy("p")), web, node("node-a", cordoned: true), node("node-b")], strict)
    #expect(one.obstacle(address) == .nodeLeaving(name: "node-a", taint: nil))
    one.replace(.node, with: [], from: .kubernetes)
    #expect(one.obstacle(address) == nil)
  }
}
