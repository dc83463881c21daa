import AddressPools
import Cluster
import Testing
import Wire

/// One address of each family that a Service is to have.
struct FamilyTests {
  private let four = pool("four", "10.0.0.0/30")
  private let six = pool("six", "fd00::/126")

  @Test func aSingleStackGetsItsFirstFamily() {
    var world = World(PoolSettings(), [four, six])
    world.put(service("s", families: [.ipv6]))
    #expect(world.settle() == ["s +fd00::"])
    world.change("s") { $0.allocation.families = [.ipv4] }
    #expect(world.settle() == ["s +10.0.0.0"], "and keeps what it has")
    #expect(world.addresses("s") == ["fd00::", "10.0.0.0"])
  }

  @Test func preferringBothTakesWhatThereIs() {
    var world = World(PoolSettings(), [four])
    world.put(service("s", families: dual, policy: .preferDualStack))
    #expect(world.settle() == ["s +10.0.0.0"])
    #expect(world.condition("s") == "satisfied")
    world.put(six)
    #expect(world.settle() == ["s +fd00::"], "the second comes later, the first stays")
    #expect(world.addresses("s") == ["10.0.0.0", "fd00::"])
    world.put(service("t", age: 1, families: dual.reversed(), policy: .preferDualStack))
    #expect(world.settle() == ["t +fd00::1 +10.0.0.1"])
  }

  @Test func requiringBothGetsBothOrNothingNew() {
    var world = World(PoolSettings(), [four])
    world.put(service("s", families: dual, policy: .requireDualStack))
    #expect(world.settle() == ["s no_pool"])
    #expect(
      world.condition("s")
        == "no_pool: RequireDualStack needs IPv6 as well: no pool that selects it has IPv6 addresses"
    )
    world.put(service("kept", age: 1, families: dual, policy: .requireDualStack, has: ["10.0.0.3"]))
    #expect(world.settle() == ["kept no_pool"])
    #expect(world.addresses("kept") == ["10.0.0.3"])
    world.put(six)
    #expect(world.settle() == ["s +10.0.0.0 +fd00::", "kept +fd00::1"])
  }

  @Test func aRequestOfOneFamilyLeavesTheOtherToThePoolsWhereBothAreRequired() {
    var world = World(PoolSettings(), [four, six])
    world.put(service("s", families: dual, policy: .requireDualStack, ips: "fd00::2"))
    world.put(service("t", age: 1, families: dual, policy: .preferDualStack, ips: "10.0.0.2"))
    #expect(world.settle() == ["s +fd00::2 +10.0.0.0", "t +10.0.0.2"])
    world.change("t") { $0.allocation.familyPolicy = .requireDualStack }
    #expect(world.settle() == ["t +fd00::"])
    world.put(service("u", age: 2, families: dual, policy: .requireDualStack, ips: "10.0.0.3"))
    world.put(pool("six", "fd00::/126", disabled: true))
    #expect(world.settle() == ["u no_pool"])
  }
}
