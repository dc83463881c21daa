import Cluster
import Testing
import Wire

/// Pools that are the nodes' own LAN.
struct NodeAddressesTests {
  private func pool(_ blocks: String..., firstLast: Bool = true) -> LoadBalancerIPPool {
    var pool = LoadBalancerIPPool("lan", blocks: blocks.map { .cidr($0) })
    pool.allowsFirstLast = firstLast
    return pool
  }

  private let nodes = NodeAddresses([
    "b": [IPAddress("10.0.0.9")!, IPAddress("10.0.0.2")!, IPAddress("fd00::2")!],
    "a": [IPAddress("10.0.0.0")!, IPAddress("10.0.0.2")!],
  ])

  @Test func thoseThatAPoolCouldGiveAreFound() {
    func inside(_ pool: LoadBalancerIPPool) -> [String] { nodes.inside(pool).map(\.description) }
    #expect(inside(pool("10.0.0.0/29")) == ["10.0.0.0 (a)", "10.0.0.2 (a)"])
    #expect(inside(pool("10.0.0.0/29", firstLast: false)) == ["10.0.0.2 (a)"])
    #expect(
      inside(pool("fd00::/64", "10.0.0.0/28", "10.0.0.8/29"))
        == ["10.0.0.0 (a)", "10.0.0.2 (a)", "10.0.0.9 (b)", "fd00::2 (b)"])
    #expect(inside(pool("10.0.0.3/32", "10.1.0.0/16")) == [])
    #expect(NodeAddresses().inside(pool("0.0.0.0/0")) == [])
    #expect(nodes.node(of: IPAddress("10.0.0.9")!) == "b")
    #expect(nodes.node(of: IPAddress("10.0.0.8")!) == nil)
    #expect(nodes.node(of: IPAddress("fd00::3")!) == nil)
  }

  @Test func aPoolThatHasThemIsWarnedOf() {
    var one = selection([.pool(pool("10.0.0.0/29"))])
    #expect(one.warnings == [])
    let revision = one.revision
    one.update(.node(Node("a", addresses: [IPAddress("10.0.0.2")!])), from: .kubernetes)
    #expect(one.revision != revision, "people are to be told")
    #expect(
      one.warnings.map(\.description) == [
        "pool lan: it has addresses of nodes, 10.0.0.2 (a), which announcer gives to no Service: "
          + "leave them out of its blocks"
      ])
    var disabled = pool("10.0.0.0/29")
    disabled.isDisabled = true
    one.update(.pool(disabled), from: .kubernetes)
    #expect(one.warnings == [], "it gives nothing")
    one.update(.pool(pool("10.0.0.0/29")), from: .kubernetes)
    one.remove(.node, ObjectName("", "a"), from: .kubernetes)
    #expect(one.warnings == [])
  }

  /// They may not be announced, whether or not there is a pool. A node's other reports come often and are no news.
  @Test func aChangeOfTheAddressesOfNodesIsNews() {
    var one = selection([.node(Node("b", addresses: [IPAddress("10.0.0.2")!]))])
    let first = one.revision
    one.update(
      .node(Node("b", isReady: true, addresses: [IPAddress("10.0.0.2")!])), from: .kubernetes)
    #expect(one.revision == first)
    one.update(.node(Node("b", addresses: [IPAddress("10.0.0.3")!])), from: .kubernetes)
    #expect(one.revision > first)
    #expect(one.nodeAddresses.addresses == [IPAddress("10.0.0.3")!])
    let second = one.revision
    one.remove(.node, ObjectName("", "b"), from: .kubernetes)
    #expect(one.revision > second && one.nodeAddresses.addresses.isEmpty)
  }

  @Test func addressesFromTwoSourcesAreAdded() {
    let both = nodes.adding(
      NodeAddresses(["c": [IPAddress("10.0.0.7")!], "b": [IPAddress("10.0.0.8")!]]))
    #expect(
      both.node(of: IPAddress("10.0.0.7")!) == "c" && both.node(of: IPAddress("10.0.0.9")!) == "b")
    #expect(both.node(of: IPAddress("10.0.0.8")!) == "b" && both.addresses.count == 6)
  }
}
