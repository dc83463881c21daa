import AddressPools
import Cluster
import Testing
import Time
import Wire

/// Writes of which nobody knows whether they were done.
struct HoldTests {
  @Test func whatMayHaveBeenGivenIsTaken() {
    var world = World(PoolSettings(), [pool("a", "10.0.0.0/30")])
    let name = ObjectName("default", "s")
    world.put(service("s", age: 1))
    world.put(service("t", age: 2))
    world.allocator.hold(name, addresses: [address("10.0.0.0")])
    #expect(world.settle() == ["t +10.0.0.1"])
    #expect(world.counts("a") == "4/2/2")
    world.allocator.letGo(name)
    #expect(world.settle() == ["s +10.0.0.0"])
  }

  @Test func aFreedAddressGoesToWhoeverWaits() {
    var world = World(PoolSettings(), [pool("a", "10.0.0.0/32")])
    let name = ObjectName("default", "s")
    world.put(service("s", age: 2))
    world.allocator.hold(name, addresses: [address("10.0.0.0")])
    world.put(service("t", age: 1))
    #expect(world.settle() == ["t out_of_ips"])
    world.allocator.removeService(name, version: nil)
    #expect(world.settle() == [], "the object is gone, and nobody knows of the write")
    world.allocator.letGo(name)
    #expect(world.settle() == ["t +10.0.0.0"])
  }

  @Test func theAnswerComesByTheWatch() {
    var world = World(PoolSettings(), [pool("a", "10.0.0.0/30")])
    world.put(service("s"))
    let steps = world.allocator.plan(limit: 1, at: world.now)
    guard case .service(let writing) = steps.first else {
      Issue.record("no step")
      return
    }
    world.write(steps[0], answered: false)
    world.allocator.hold(writing.service, addresses: writing.change.gained)
    #expect(world.allocator.plan(limit: 1, at: world.now).count == 1, "the pool alone")
    world.allocator.update(world.services[writing.service]!, at: world.now)
    world.allocator.letGo(writing.service)
    #expect(world.settle() == [])
    #expect(world.counts("a") == "4/3/1")
    #expect(world.allocator.foreignActivity == [])
  }

  @Test func whatIsSharedMeanwhileIsNews() {
    var world = World(PoolSettings(), [pool("a", "10.0.0.0/28")])
    world.put(service("z", age: 1, key: "k", ports: [1]))
    world.settle()
    world.put(service("waits", age: 2, ips: "10.0.0.0", key: "l", ports: [3]))
    world.settle()
    #expect(world.condition("waits") == "already_allocated: default/z has 10.0.0.0")
    world.put(service("b", age: 3, key: "k", ports: [2]))
    let steps = world.allocator.plan(limit: 1, at: world.now)
    world.allocator.hold(ObjectName("default", "b"), addresses: [address("10.0.0.0")])
    world.write(steps[0], answered: false)
    world.allocator.update(world.services[ObjectName("default", "b")]!, at: world.now)
    world.allocator.letGo(ObjectName("default", "b"))
    #expect(world.settle() == ["waits already_allocated"])
    #expect(world.condition("waits") == "already_allocated: default/b has 10.0.0.0")
  }
}
