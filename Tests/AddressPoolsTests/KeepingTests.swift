import AddressPools
import Cluster
import Testing
import Wire

/// No Service that has a usable address gets another one.
struct KeepingTests {
  @Test func whatServicesHaveIsAdoptedBeforeAnythingIsGiven() {
    var world = World(PoolSettings(), [pool("a", "10.0.0.0/30")])
    world.put(service("old", age: 1))
    world.put(service("young", age: 2, has: ["10.0.0.0"]))
    #expect(world.settle() == ["old +10.0.0.1", "young"])
    #expect(world.condition("young") == "satisfied")
  }

  @Test(arguments: ["disabled", "conflict", "wider", "narrower", "faulty", "reordered", "renamed"])
  func aPoolThatChangesTakesNothing(change: String) {
    var world = World(PoolSettings(), [pool("b", "10.0.0.0/30", age: 5)])
    world.put(service("s"))
    #expect(world.settle() == ["s +10.0.0.0"])
    switch change {
    case "disabled": world.put(pool("b", "10.0.0.0/30", disabled: true))
    case "conflict": world.put(pool("a", "10.0.0.0/31", age: 1))
    case "wider": world.put(pool("b", "9.0.0.0/8", "10.0.0.0/24"))
    case "narrower": world.put(pool("b", "10.0.0.0/32"))
    case "faulty": world.put(pool("b", "10.0.0.0/30", "rubbish"))
    case "reordered": world.put(pool("b", "10.0.0.2/31", "10.0.0.0/31"))
    default:
      world.put(pool("z", "10.0.0.0/30", age: 6))
      world.delete(pool: "b")
    }
    #expect(world.settle() == [])
    #expect(world.addresses("s") == ["10.0.0.0"])
    var again = world.restarted()
    #expect(again.plan(limit: .max, at: world.now) == [])
  }

  @Test func aDisabledPoolGivesNothing() {
    var world = World(PoolSettings(), [pool("a", "10.0.0.0/30", disabled: true)])
    world.put(service("s"))
    #expect(world.settle() == ["s no_pool"])
    world.put(pool("a", "10.0.0.0/30"))
    #expect(world.settle() == ["s +10.0.0.0"])
  }

  @Test func anAddressInNoPoolIsReplacedWhereItWasOurs() {
    var world = World(PoolSettings(), [pool("a", "10.0.0.0/30")])
    world.put(service("s"))
    world.settle()
    world.put(pool("a", "10.1.0.0/30"))
    #expect(world.settle() == ["s +10.1.0.0 -10.0.0.0"])
    // Nobody remembers but the condition.
    world.put(pool("a", "10.2.0.0/30"))
    world.allocator = world.restarted()
    #expect(world.settle() == ["s +10.2.0.0 -10.1.0.0"])
  }

  @Test func aSlipInAPoolTakesNothingAway() {
    var world = World(PoolSettings(), [pool("a", "10.0.0.0/30")])
    world.put(service("s"))
    world.settle()
    world.put(pool("a", "10.0.0.0-30", "10.1.0.0/30"))
    #expect(world.settle() == [])
    #expect(world.addresses("s") == ["10.0.0.0"])
    world.put(pool("a", "10.1.0.0/30"))
    #expect(world.settle() == ["s +10.1.0.0 -10.0.0.0"])
  }

  @Test func aFaultySelectorTakesNothingAwayAndGivesNothing() {
    var world = World(PoolSettings(), [pool("a", "10.0.0.0/30", selector: ["a": "b"])])
    world.put(service("s", labels: ["a": "b"]))
    world.settle()
    var faulty = pool("a", "10.0.0.0/30")
    faulty.serviceSelector = LabelSelector(
      matchExpressions: [.init(key: "a", operator: "Maybe")])
    world.put(faulty)
    world.put(service("t", age: 2))
    #expect(world.settle() == ["t no_pool"])
    #expect(world.allocator.report()[0].faults.count == 1)
  }

  @Test func aPoolThatNoLongerSelectsTakesBack() {
    var world = World(PoolSettings(), [pool("a", "10.0.0.0/30"), pool("b", "10.1.0.0/30")])
    world.put(service("s"))
    world.settle()
    world.put(pool("a", "10.0.0.0/30", selector: ["a": "b"]))
    #expect(world.settle() == ["s +10.1.0.0 -10.0.0.0"])
  }

  @Test func aStrangersAddressIsLeftAlone() {
    var world = World(PoolSettings(), [pool("a", "10.0.0.0/30")])
    world.put(service("s", has: ["192.0.2.1"]))
    var named = service("named")
    named.ingress = [.init(hostname: "lb.example"), .init(ip: "10.0.0.2")]
    world.put(named)
    #expect(world.settle() == ["named foreign_address", "s foreign_address"])
    #expect(world.addresses("s") == ["192.0.2.1"])
    #expect(world.addresses("named") == ["lb.example", "10.0.0.2"])
    #expect(
      world.condition("s")
        == "foreign_address: 192.0.2.1 lies in no pool and is left to whoever wrote it")
    var again = world.restarted()
    #expect(again.plan(limit: .max, at: world.now) == [], "our condition does not make it ours")
    world.put(pool("b", "192.0.2.0/24"))
    #expect(world.settle() == ["s"], "it is adopted where a pool has it")
    #expect(world.condition("s") == "satisfied")
  }

  @Test func whoIsBeingDeletedKeepsWhatItHas() {
    var world = World(PoolSettings(), [pool("a", "10.0.0.0/32")])
    world.put(service("s"))
    world.settle()
    world.change("s") { $0.isBeingDeleted = true }
    world.put(service("t", age: 2))
    #expect(world.settle() == ["t out_of_ips"])
    world.delete(ObjectName("default", "s"))
    #expect(world.settle() == ["t +10.0.0.0"])
  }

  @Test func leavingTheResponsibilityCleansUp() {
    var world = World(PoolSettings(classes: ["ours"]), [pool("a", "10.0.0.0/30")])
    world.put(service("s", class: "ours"))
    world.put(service("never", class: "theirs", has: ["10.0.0.3"]))
    #expect(world.settle() == ["s +10.0.0.0"])
    world.allocator.settings.classes = []
    #expect(world.settle() == ["s -10.0.0.0"])
    #expect(world.condition("s") == nil)
    #expect(world.addresses("never") == ["10.0.0.3"])
    world.change("s") { $0.ingress = [.init(ip: "10.0.0.1")] }
    #expect(world.settle() == [], "what it gets from others now is none of our business")
    world.allocator.settings.classes = ["ours"]
    #expect(world.settle() == ["s"])
    world.change("s") { $0.type = "ClusterIP" }
    #expect(world.settle() == ["s -10.0.0.1"])
  }

  /// Cilium's operator looks after the Services of its own classes, and says so in the same words.
  @Test func anotherClassIsAnotherControllers() {
    var world = World(PoolSettings(classes: ["ours"]), [pool("a", "10.0.0.0/30")])
    var bgp = service("bgp", class: "io.cilium/bgp-control-plane", has: ["10.0.0.0"])
    bgp.allocation.conditions = [
      Condition(
        type: Condition.requestSatisfied, status: "True", lastTransitionTime: "t",
        reason: "satisfied")
    ]
    world.put(bgp)
    world.put(service("s"))
    #expect(world.settle() == ["s +10.0.0.1"], "and what it has is taken")
    #expect(world.services[bgp.name]?.allocation.conditions == bgp.allocation.conditions)
    #expect(world.addresses("bgp") == ["10.0.0.0"])
    world.change("bgp") { $0.type = "ClusterIP" }
    #expect(world.settle() == ["bgp -10.0.0.0"])
  }

  @Test func conditionsOfOthersStay() {
    var world = World(PoolSettings(), [pool("a", "10.0.0.0/32")])
    let other = Condition(
      type: "example.com/x", status: "True", lastTransitionTime: "t", reason: "r", message: "m")
    var one = service("s")
    one.allocation.conditions = [other]
    world.put(one)
    world.put(service("t", age: 2))
    world.settle()
    let conditions = world.services[ObjectName("default", "s")]?.allocation.conditions
    #expect(conditions?.first == other)
    #expect(conditions?.count == 2)
    // The time stays as long as the status does.
    let refused = world.services[ObjectName("default", "t")]?.allocation.conditions[0]
    world.put(pool("a", "10.0.0.0/32", disabled: true))
    world.settle()
    let now = world.services[ObjectName("default", "t")]?.allocation.conditions[0]
    #expect(refused?.reason == "out_of_ips")
    #expect(now?.reason == "no_pool")
    #expect(now?.lastTransitionTime == refused?.lastTransitionTime)
  }

  @Test func whereConditionsAreDroppedTheyAreNotWrittenForEver() {
    var settings = PoolSettings()
    settings.keepsConditions = false
    var world = World(settings, [pool("a", "10.0.0.0/32")])
    world.put(service("s"))
    world.put(service("t", age: 2))
    #expect(world.settle() == ["s +10.0.0.0"])
    #expect(world.condition("s") == nil)
    #expect(world.allocator.services().map(\.reason) == [.satisfied, .outOfIPs])
  }

  /// Another product's operator writes the same condition, with fields that we have no use for.
  @Test func aConditionThatSaysTheSameStaysAsItIs() {
    var world = World(PoolSettings(), [pool("a", "10.0.0.0/30")])
    var one = service("s", has: ["10.0.0.1"])
    one.allocation.conditions = [
      Condition(
        type: Condition.requestSatisfied, status: "True", observedGeneration: 4,
        lastTransitionTime: "t", reason: "satisfied")
    ]
    world.put(one)
    #expect(world.settle() == [])
  }

  /// Somebody gave it, and clients know it: what the Service would be given today does not matter.
  @Test func anAddressOfAFamilyThatItWouldNotGetStays() {
    var world = World(PoolSettings(), [pool("four", "10.0.0.0/30"), pool("six", "fd00::/126")])
    world.put(service("s", has: ["10.0.0.2", "fd00::2"]))
    #expect(world.settle() == ["s"])
    #expect(world.condition("s") == "satisfied")
    // The same with a request: of IPv4 it gets what it asks for.
    world.put(service("t", age: 1, ips: "10.0.0.1", has: ["10.0.0.3", "fd00::3"]))
    #expect(world.settle() == ["t +10.0.0.1 -10.0.0.3"])
    #expect(world.addresses("t") == ["fd00::3", "10.0.0.1"])
    // It asks for both, and has them.
    world.put(service("u", age: 2, ips: "10.0.0.0,fd00::1", has: ["10.0.0.0", "fd00::1"]))
    #expect(world.settle() == ["u"])
    #expect(world.condition("u") == "satisfied")
    world.put(service("v", age: 3, has: ["fd00::"]))
    #expect(world.settle() == ["v +10.0.0.3"], "and one that it should have")
    #expect(world.addresses("v") == ["fd00::", "10.0.0.3"])
    var again = world.restarted()
    #expect(again.plan(limit: .max, at: world.now) == [])
  }

  @Test func whatIsTakenIsTakenForAReason() {
    var world = World(PoolSettings(classes: ["ours"]), [pool("a", "10.0.0.0/30")])
    world.put(service("s", class: "ours"))
    world.settle()
    func reasons() -> [Release] {
      world.allocator.plan(limit: .max, at: world.now).flatMap { step -> [Release] in
        guard case .service(let writing) = step else { return [] }
        return writing.change.released
      }
    }
    let first = address("10.0.0.0")
    world.put(pool("a", "10.0.0.0/30", selector: ["a": "b"]))
    #expect(reasons() == [Release(first, .notSelected(pool: "a"))])
    world.put(pool("a", "10.1.0.0/30"))
    #expect(reasons() == [Release(first, .inNoPool)])
    world.put(pool("a", "10.0.0.0/30"))
    world.change("s") { $0.allocation.requestedIPs = "10.0.0.3" }
    #expect(reasons() == [Release(first, .asksForOthers([address("10.0.0.3")]))])
    world.change("s") { $0.allocation.requestedIPs = nil }
    world.change("s") { $0.type = "NodePort" }
    #expect(reasons() == [Release(first, .notLoadBalancer(type: "NodePort"))])
    world.change("s") { $0.type = "LoadBalancer" }
    world.allocator.settings.classes = []
    #expect(reasons() == [Release(first, .foreignClass("ours"))])
    world.allocator.settings.classes = ["ours"]
    world.put(service("older", has: ["10.0.0.0"]))
    #expect(reasons() == [Release(first, .keptByAnother(ObjectName("default", "older")))])
  }

  /// Whoever comes later finds it in the condition.
  @Test func theReasonStaysInTheCondition() {
    var world = World(PoolSettings(), [pool("a", "10.0.0.0/30")])
    world.put(service("s"))
    world.settle()
    world.put(pool("a", "10.1.0.0/30"))
    #expect(world.settle() == ["s +10.1.0.0 -10.0.0.0"])
    let words = "10.0.0.0 taken back: no pool has it"
    #expect(world.condition("s") == "satisfied: \(words)")
    var again = world.restarted()
    #expect(again.plan(limit: .max, at: world.now) == [])
    world.delete(pool: "a")
    #expect(world.settle() == ["s -10.1.0.0 no_pool"])
    #expect(
      world.condition("s")
        == "no_pool: no pool that selects it has IPv4 addresses; 10.1.0.0 taken back: no pool has it"
    )
    world.put(pool("a", "10.1.0.0/30"))
    world.settle()
    #expect(world.condition("s") == "satisfied")
  }
}
