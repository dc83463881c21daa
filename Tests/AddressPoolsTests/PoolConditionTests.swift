import AddressPools
import Cluster
import Testing
import Wire

/// What pools say of themselves.
struct PoolConditionTests {
  private func condition(_ world: World, _ pool: String, _ type: String) -> String? {
    world.pools[pool]?.conditions.first { $0.type == type }.map {
      "\($0.status) \($0.reason)" + ($0.message.isEmpty ? "" : ": \($0.message)")
    }
  }

  private func conflict(_ world: World, _ pool: String) -> String? {
    condition(world, pool, "cilium.io/PoolConflict")
  }

  @Test func theYoungerOfTwoThatOverlapStopsAndRecovers() {
    var world = World(
      PoolSettings(),
      [
        pool("a", "10.1.0.0/24", "10.0.0.128-10.0.1.255", age: 2),
        pool("b", "10.0.0.0/24", age: 1),
      ])
    world.put(service("s"))
    #expect(world.settle() == ["s +10.0.0.0"])
    #expect(
      conflict(world, "a")
        == "True cidr_overlap: 10.0.0.128-10.0.1.255 overlaps 10.0.0.0/24 of pool b")
    #expect(conflict(world, "b") == nil)
    #expect(world.counts("a") == "512/512/0", "what both have counts once")
    #expect(world.counts("b") == "256/255/1")
    world.put(pool("b", "10.0.0.0/25"))
    world.put(service("t", age: 2))
    #expect(world.settle() == ["t +10.1.0.0"])
    #expect(conflict(world, "a") == "False resolved")
  }

  @Test func ofEqualAgeTheNameDecides() {
    var world = World(PoolSettings(), [pool("b", "10.0.0.0/24"), pool("a", "10.0.0.0/24")])
    world.settle()
    #expect(conflict(world, "a") == nil)
    #expect(conflict(world, "b") == "True cidr_overlap: 10.0.0.0/24 overlaps 10.0.0.0/24 of pool a")
    #expect(world.counts("b") == "0/0/0")
  }

  @Test func blocksOfOnePoolThatOverlap() {
    var world = World(PoolSettings(), [pool("a", "10.0.0.0/24", "fd00::/64", "10.0.0.9")])
    world.settle()
    #expect(
      conflict(world, "a") == "True cidr_overlap: its own blocks 10.0.0.0/24 and 10.0.0.9 overlap")
    #expect(world.counts("a") == "18446744073709551872/18446744073709551872/0")
  }

  @Test func manyConflictsAreNotAllTold() {
    var world = World(PoolSettings(), (0..<9).map { pool("p\($0)", "10.\($0).0.0/16", age: 1) })
    world.put(pool("young", "10.0.0.0/8", age: 2))
    world.settle()
    #expect(conflict(world, "young")?.hasSuffix("of pool p2; and 6 more") == true)
  }

  @Test func faultsAreToldAndBounded() {
    var one = pool("a", "10.0.0.0/24")
    let words = LoadBalancerIPPool(
      "a", blocks: (0..<500).map { .cidr("\($0)" + String(repeating: "€", count: 5000)) })
    one.unreadable = words.unreadable
    one.serviceSelector = LabelSelector(matchLabels: [String(repeating: "k", count: 5000): "v"])
    var world = World(PoolSettings(), [one, pool("b", "10.1.0.0/24")])
    world.put(service("s"))
    #expect(world.settle() == ["s +10.1.0.0"])
    let text = condition(world, "a", "announcer/InvalidPool") ?? ""
    #expect(text.hasPrefix("True invalid: block '0€"))
    #expect(text.hasSuffix("; and 498 more"))
    #expect(text.utf8.count < 1024)
    world.put(pool("a", "10.0.0.0/24"))
    world.settle()
    #expect(condition(world, "a", "announcer/InvalidPool") == "False resolved")
  }

  @Test func conditionsNameTheGenerationAndLeaveOthersAlone() {
    var one = pool("a", "10.0.0.0/24")
    one.conditions = [Condition(type: "example.com/x", status: "True", lastTransitionTime: "t")]
    var world = World(PoolSettings(), [one])
    world.settle()
    #expect(world.pools["a"]?.conditions.first == one.conditions[0])
    #expect(world.pools["a"]?.conditions.map(\.observedGeneration) == [nil, 1, 1, 1])
    #expect(world.pools["a"]?.conditions.last?.status == "Unknown")
    #expect(world.pools["a"]?.conditions.last?.reason == "noreason")
  }
}
