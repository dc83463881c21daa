import AddressPools
import Cluster
import Testing
import Wire

/// Which addresses are given out, and in which order.
struct GivingTests {
  @Test func poolsByNameBlocksInTheirOrderLowestFirst() {
    var world = World(
      PoolSettings(), [pool("b", "10.2.0.0/31"), pool("a", "10.1.0.8-10.1.0.9", "10.1.0.0/32")])
    for number in 1...5 { world.put(service("s\(number)", age: number)) }
    #expect(
      world.settle() == [
        "s1 +10.1.0.8", "s2 +10.1.0.9", "s3 +10.1.0.0", "s4 +10.2.0.0", "s5 +10.2.0.1",
      ])
    world.delete(ObjectName("default", "s2"))
    world.put(service("s6", age: 6))
    #expect(world.settle() == ["s6 +10.1.0.9"], "a gap is filled first")
  }

  @Test func theOldestServiceComesFirstThenByName() {
    var world = World(PoolSettings(), [pool("a", "10.0.0.0/24")])
    for (name, age) in [("c", 1), ("a", 2), ("b", 1)] { world.put(service(name, age: age)) }
    world.put(service("asks", age: 9, ips: "10.0.0.0"))
    #expect(
      world.settle() == ["asks +10.0.0.0", "b +10.0.0.1", "c +10.0.0.2", "a +10.0.0.3"])
  }

  @Test func firstAndLastOfPrefixesOnlyAreSpared() {
    var world = World(
      PoolSettings(),
      [
        pool(
          "a", "10.0.0.0/30", "10.0.1.0/31", "10.0.2.1/32", "10.0.3.1-10.0.3.3", firstLast: false)
      ])
    for number in 1...9 { world.put(service("s\(number)", age: number)) }
    #expect(
      world.settle() == [
        "s1 +10.0.0.1", "s2 +10.0.0.2", "s3 +10.0.1.0", "s4 +10.0.1.1", "s5 +10.0.2.1",
        "s6 +10.0.3.1", "s7 +10.0.3.2", "s8 +10.0.3.3", "s9 out_of_ips",
      ])
    #expect(world.counts("a") == "8/0/8")
  }

  @Test func sparingThemLaterTakesNothingBack() {
    var world = World(PoolSettings(), [pool("a", "10.0.0.0/30")])
    world.put(service("first"))
    #expect(world.settle() == ["first +10.0.0.0"])
    #expect(world.counts("a") == "4/3/1")
    world.put(pool("a", "10.0.0.0/30", firstLast: false))
    #expect(world.settle() == [])
    #expect(world.counts("a") == "3/2/1", "what is taken counts though it is spared")
    #expect(world.restarted().report()[0].total == 3)
  }

  @Test func aPrefixOfAnySizeIsNotListed() {
    var world = World(
      PoolSettings(), [pool("a", "2001:db8::/64", "0.0.0.0/0", "::/0", age: 1)])
    world.put(service("six", families: [.ipv6]))
    #expect(world.settle() == ["six no_pool"], "its own blocks overlap")
    world.put(pool("a", "2001:db8::/64", "0.0.0.0/0"))
    world.put(service("four"))
    #expect(world.settle() == ["four +1.0.0.0", "six +2001:db8::"])
    #expect(world.allocator.report()[0].total == UInt128(1) << 64 + 0xde00_0000)
    world.put(pool("a", "::/0"))
    world.put(service("seven", age: 9, families: [.ipv6]))
    #expect(world.settle() == ["four -1.0.0.0 no_pool", "seven +::2"])
    let report = world.allocator.report()[0]
    #expect(report.total == report.available + report.used)
  }

  @Test func whatTheConfigurationAnnouncesIsNeverGiven() {
    var settings = PoolSettings()
    settings.reserved = [IPRange(address("10.0.0.0"), address("10.0.0.2"))!]
    var world = World(settings, [pool("a", "10.0.0.0/29")])
    world.put(service("s"))
    world.put(service("asks", ips: "10.0.0.1"))
    #expect(world.settle() == ["asks no_pool", "s +10.0.0.3"])
    #expect(
      world.condition("asks")
        == "no_pool: 10.0.0.1 is not given out: pool a may not give it: this daemon's own configuration announces it"
    )
    world.allocator.settings.reserved = []
    #expect(world.settle() == ["asks +10.0.0.1"])
  }

  @Test func nothingThatAnybodyHasIsGiven() {
    var world = World(PoolSettings(), [pool("a", "10.0.0.0/29")])
    world.put(service("other", class: "example.com/lb", has: ["10.0.0.0"]))
    world.put(service("external", class: "example.com/lb", external: ["10.0.0.1"]))
    var node = service("node", external: ["10.0.0.2"])
    node.type = "NodePort"
    world.put(node)
    world.put(service("s"))
    #expect(world.settle() == ["s +10.0.0.3"])
    #expect(world.counts("a") == "8/4/4")
  }

  @Test func pastTheLimitTheOthersWait() {
    var world = World(PoolSettings(), [pool("a", "10.0.0.0/28")])
    for number in 0..<5 { world.put(service("s\(number)", age: number)) }
    let steps = world.allocator.plan(limit: 2, at: world.now)
    #expect(steps.count == 2, "and no pool, whose counts change again")
    #expect(world.allocator.plan(limit: 2, at: world.now) == steps, "nothing was written yet")
    #expect(world.settle(limit: 2).count == 5)
    #expect(world.counts("a") == "16/11/5")
  }

  @Test func onlyPoolsThatSelectTheService() {
    var world = World(
      PoolSettings(),
      [pool("a", "10.1.0.0/30", selector: ["color": "blue"]), pool("b", "10.2.0.0/30")])
    world.put(service("red", labels: ["color": "red"]))
    world.put(service("blue", labels: ["color": "blue"]))
    #expect(world.settle() == ["blue +10.1.0.0", "red +10.2.0.0"])
    var named = pool("c", "10.3.0.0/30")
    named.serviceSelector = LabelSelector(
      matchLabels: [
        "io.kubernetes.service.name": "x", "io.kubernetes.service.namespace": "default",
      ])
    world.put(named)
    world.delete(pool: "a")
    world.delete(pool: "b")
    world.put(service("x"))
    #expect(world.settle() == ["blue -10.1.0.0 no_pool", "red -10.2.0.0 no_pool", "x +10.3.0.0"])
  }

  /// Who got nothing because another one did is asked again when that one is gone before it was written.
  @Test func whoStoodBackIsAskedAgain() {
    var world = World(PoolSettings(), [pool("a", "10.0.0.0/32")])
    world.put(service("has", age: 1))
    world.put(service("waits", age: 3))
    world.settle()
    world.delete(ObjectName("default", "has"))
    world.put(service("first", age: 2))
    #expect(world.allocator.plan(limit: .max, at: world.now).count == 1)
    world.delete(ObjectName("default", "first"))
    #expect(world.settle() == ["waits +10.0.0.0"])
  }
}
