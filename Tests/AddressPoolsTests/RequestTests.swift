import AddressPools
import Cluster
import Testing
import Wire

/// Services that ask for certain addresses.
struct RequestTests {
  @Test func exactlyTheseAllOrNoneNew() {
    var world = World(PoolSettings(), [pool("a", "10.0.0.0/28")])
    world.put(service("s", age: 1))
    world.settle()
    world.put(service("asks", age: 2, ips: "10.0.0.5, 10.0.0.7"))
    #expect(world.settle() == ["asks +10.0.0.5 +10.0.0.7"])
    world.put(service("late", age: 3, ips: "10.0.0.8,10.0.0.5"))
    #expect(world.settle() == ["late already_allocated"])
    #expect(world.condition("late") == "already_allocated: default/asks has 10.0.0.5")
    world.delete(ObjectName("default", "asks"))
    #expect(world.settle() == ["late +10.0.0.8 +10.0.0.5"])
  }

  @Test func whatItHasStaysUntilTheRequestCanBeMet() {
    var world = World(PoolSettings(), [pool("a", "10.0.0.0/28")])
    world.put(service("s", age: 1))
    world.put(service("t", age: 2))
    #expect(world.settle() == ["s +10.0.0.0", "t +10.0.0.1"])
    world.change("t") { $0.allocation.requestedIPs = "10.0.0.0" }
    #expect(world.settle() == ["t already_allocated"])
    #expect(world.addresses("t") == ["10.0.0.1"])
    world.delete(ObjectName("default", "s"))
    #expect(world.settle() == ["t +10.0.0.0 -10.0.0.1"])
  }

  @Test func theFieldCountsLikeTheAnnotation() {
    var world = World(PoolSettings(), [pool("a", "10.0.0.0/28")])
    var one = service("s", ips: "10.0.0.4")
    one.loadBalancerIP = "10.0.0.3"
    world.put(one)
    #expect(world.settle() == ["s +10.0.0.4 +10.0.0.3"])
    world.change("s") { $0.allocation.requestedIPs = nil }
    #expect(world.settle() == ["s -10.0.0.4"])
    world.change("s") { $0.loadBalancerIP = nil }
    #expect(world.settle() == [], "nobody asks for anything: what it has is fine")
  }

  @Test(
    arguments: [
      ("10.9.9.9", "no_pool: no pool has 10.9.9.9"),
      ("10.1.0.1", "no_pool: 10.1.0.1 is not given out: pool off is disabled"),
      (
        "10.2.0.0",
        "no_pool: 10.2.0.0 is not given out: pool spares spares the first and the last address "
          + "of a prefix"
      ),
      (
        "10.3.0.1",
        "pool_selector_mismatch: pool picky has 10.3.0.1 and does not select this Service"
      ),
      ("10.2.0.1,rubbish", "invalid_request: 'rubbish' is no address"),
      ("fd00::1", "invalid_request: fd00::1 is IPv6, which the Service does not have"),
      ("127.0.0.1", "invalid_request: 127.0.0.1: a loopback address is never on a LAN"),
      (
        "10.4.0.1",
        "no_pool: 10.4.0.1 is not given out: pool faulty is faulty: block 'x': it is no prefix; "
          + "write for instance 10.0.0.0/24"
      ),
      (
        "10.5.0.1",
        "no_pool: 10.5.0.1 is not given out: pool twice is in conflict: its own blocks "
          + "10.5.0.0/30 and 10.5.0.0/24 overlap"
      ),
    ])
  func whatCannotBeGivenIsSaid(request: String, words: String) {
    var world = World(
      PoolSettings(),
      [
        pool("off", "10.1.0.0/24", disabled: true), pool("spares", "10.2.0.0/24", firstLast: false),
        pool("picky", "10.3.0.0/24", selector: ["a": "b"]), pool("faulty", "10.4.0.0/24", "x"),
        pool("twice", "10.5.0.0/24", "10.5.0.0/30"),
      ])
    world.put(service("s"))
    world.put(service("asks", ips: request))
    #expect(world.settle().count == 2)
    #expect(world.condition("asks") == words)
    #expect(world.addresses("asks") == [])
    #expect(world.addresses("s") == ["10.2.0.1"], "others go on")
  }

  /// As in Cilium, one name of the annotation counts; that the other one does not is said.
  @Test func ofTwoNamesOneCounts() {
    var world = World(PoolSettings(), [pool("a", "10.0.0.0/28")])
    var one = service("s", ips: "10.0.0.4")
    one.allocation.outvotedIPs = [
      RequestedIPs("lbipam.cilium.io/ips", "10.0.0.4"),
      RequestedIPs("io.cilium/lb-ipam-ips", "10.0.0.5"),
    ]
    world.put(one)
    #expect(world.settle() == ["s +10.0.0.4"])
    let note =
      "io.cilium/lb-ipam-ips asks for 10.0.0.5 and does not count beside lbipam.cilium.io/ips"
    #expect(world.condition("s") == "satisfied: \(note)")
    world.change("s") { $0.allocation.requestedIPs = "10.9.9.9" }
    world.settle()
    #expect(world.condition("s") == "no_pool: no pool has 10.9.9.9; \(note)")
    world.change("s") { $0.allocation.outvotedIPs = [] }
    world.settle()
    #expect(world.condition("s") == "no_pool: no pool has 10.9.9.9")
  }

  @Test func aTextThatNeverEndsIsRefused() {
    var world = World(PoolSettings(), [pool("a", "10.0.0.0/16")])
    world.put(
      service("many", ips: (0..<65).map { "10.0.0.\($0)" }.joined(separator: ",")))
    world.put(service("long", ips: String(repeating: "x", count: 100_000)))
    #expect(world.settle() == ["long invalid_request", "many invalid_request"])
    #expect((world.condition("long")?.utf8.count ?? 0) < 200)
  }

  /// What it could have had is taken: the reason is another one now.
  @Test func theReasonIsTheOneOfToday() {
    var world = World(PoolSettings(), [pool("a", "10.0.0.0/28")])
    world.put(service("s", age: 1, ips: "10.0.0.3,192.0.2.1"))
    world.put(service("dual", age: 1, families: [.ipv6, .ipv4], policy: .requireDualStack))
    world.settle()
    #expect(world.condition("s") == "no_pool: no pool has 192.0.2.1")
    #expect(world.condition("dual")?.contains("RequireDualStack needs IPv6") == true)
    world.put(service("t", age: 2, ips: "10.0.0.3"))
    world.settle()
    #expect(world.condition("s") == "already_allocated: default/t has 10.0.0.3")
    for number in 0..<15 { world.put(service("u\(number)", age: 3)) }
    world.settle()
    #expect(world.condition("dual") == "no_pool: no pool that selects it has IPv6 addresses")
  }
}
