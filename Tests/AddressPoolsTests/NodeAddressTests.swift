import AddressPools
import Cluster
import Testing
import Wire

/// An address of a node is given to no Service: the node would lose it, or answer beside the Service.
struct NodeAddressTests {
  private func node(_ name: String, _ addresses: String...) -> Node {
    Node(name, addresses: addresses.map(address))
  }

  @Test func addressesOfNodesAreSkipped() {
    var world = World(PoolSettings(), [pool("lan", "10.0.0.0/29")])
    world.put(node("n1", "10.0.0.0", "192.0.2.1"))
    world.put(node("n2", "10.0.0.1"))
    world.put(service("s"))
    #expect(world.settle() == ["s +10.0.0.2"])
    #expect(world.counts("lan") == "6/5/1")
    world.put(service("asks", age: 1, ips: "10.0.0.1"))
    #expect(world.settle() == ["asks no_pool"])
    #expect(
      world.condition("asks")
        == "no_pool: 10.0.0.1 is not given out: pool lan may not give it: it is an address of node n2"
    )
    let notes = world.allocator.report()[0].notes
    #expect(notes.count == 1)
    #expect(notes.first?.contains("10.0.0.0 (n1), 10.0.0.1 (n2)") == true)
    // The node goes, and what waits for its address gets it.
    world.delete(node: "n2")
    #expect(world.settle() == ["asks +10.0.0.1"])
  }

  @Test func whatAServiceHasItKeeps() {
    var world = World(PoolSettings(), [pool("lan", "10.0.0.0/30")])
    world.put(service("s"))
    #expect(world.settle() == ["s +10.0.0.0"])
    world.put(node("n", "10.0.0.0", "10.0.0.1", "10.0.0.2"))
    #expect(world.settle() == [])
    #expect(world.addresses("s") == ["10.0.0.0"])
    world.put(service("t", age: 1))
    world.put(service("u", age: 2))
    #expect(world.settle() == ["t +10.0.0.3", "u out_of_ips"])
    var again = world.restarted()
    #expect(again.plan(limit: .max, at: world.now) == [])
    // Another node has them now, and then nobody has.
    world.nodes = ["m": node("m", "10.0.0.2")]
    world.allocator.replaceNodes(Array(world.nodes.values))
    #expect(world.settle() == ["u +10.0.0.1"])
  }

  /// A node reports every few minutes: that is no reason to decide anything.
  @Test func aNodeThatReportsTheSameChangesNothing() {
    var world = World(PoolSettings(), [pool("lan", "10.0.0.0/30")])
    world.put(node("n", "10.0.0.0"))
    world.put(service("s"))
    world.settle()
    world.put(node("n", "10.0.0.0"))
    #expect(world.allocator.services().map(\.isPending) == [false])
    world.put(node("m"))
    #expect(world.allocator.services().map(\.isPending) == [false])
  }
}
