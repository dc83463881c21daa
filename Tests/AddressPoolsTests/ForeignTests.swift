import AddressPools
import Cluster
import Testing
import Time
import Wire

/// Somebody else writes what we write: it is seen, said, and yielded to.
struct ForeignTests {
  private func world() -> World {
    var world = World(PoolSettings(), [pool("a", "10.0.0.0/28")])
    world.put(service("s"))
    world.settle()
    return world
  }

  @Test func aUsableAddressOfSomebodyElseIsAdopted() {
    var world = world()
    world.change("s") { $0.ingress = [.init(ip: "10.0.0.9")] }
    #expect(world.settle() == [])
    #expect(world.addresses("s") == ["10.0.0.9"])
    let activity = world.allocator.foreignActivity
    #expect(activity.map(\.wrote) == [["10.0.0.0"]])
    #expect(activity.map(\.found) == [["10.0.0.9"]])
    #expect(activity.map(\.count) == [1])
    #expect(activity.map(\.isLeftAlone) == [false])
  }

  @Test func ourOwnWritesAreNotForeign() {
    var world = world()
    world.change("s") { $0.allocation.requestedIPs = "10.0.0.3" }
    #expect(world.settle() == ["s +10.0.0.3 -10.0.0.0"])
    world.change("s") { $0.labels = ["a": "b"] }
    #expect(world.allocator.foreignActivity == [])
  }

  @Test func whoeverKeepsAtItIsLeftAlone() {
    var world = world()
    for second in 1...3 {
      world.now = Instant(nanoseconds: Int64(second) * 10_000_000_000)
      world.change("s") { $0.ingress = [] }
      let lines = world.settle()
      #expect(lines == (second < 3 ? ["s +10.0.0.0"] : []))
    }
    #expect(world.allocator.foreignActivity.map(\.isLeftAlone) == [true])
    #expect(world.allocator.nextDue == world.now + PoolAllocator.truce)
    world.now = world.now + .seconds(299)
    #expect(world.settle() == [])
    world.now = world.now + .seconds(1)
    #expect(world.settle() == ["s +10.0.0.0"])
  }

  @Test(arguments: ["service", "pool"])
  func theTruceEndsWhenPeopleChangeSomething(what: String) {
    var world = world()
    for _ in 1...3 {
      world.change("s") { $0.ingress = [] }
      world.settle()
    }
    #expect(world.addresses("s") == [])
    world.change("s") { $0.allocation.conditions = [] }
    #expect(world.settle() == [], "a status is not people's doing")
    if what == "service" {
      world.change("s") { $0.allocation.requestedIPs = "10.0.0.4" }
    } else {
      world.put(pool("b", "10.9.0.0/24"))
    }
    #expect(world.settle().count == 1)
  }

  @Test func slowChangesAreNoFight() {
    var world = world()
    for minute in 1...9 {
      world.now = Instant(nanoseconds: Int64(minute) * 31_000_000_000)
      world.change("s") { $0.ingress = [] }
      #expect(world.settle() == ["s +10.0.0.0"])
    }
    #expect(world.allocator.foreignActivity.map(\.count) == [9])
  }

  @Test func twoControllersGaveOneAddress() {
    var world = World(PoolSettings(), [pool("a", "10.0.0.0/28")])
    world.put(service("young", age: 2))
    world.settle()
    world.put(service("old", age: 1, has: ["10.0.0.0"]))
    #expect(world.settle() == ["old", "young +10.0.0.1 -10.0.0.0"])
    world.put(service("youngest", age: 3, has: ["10.0.0.0"]))
    #expect(world.settle() == ["youngest +10.0.0.2 -10.0.0.0"])
    world.put(service("external", age: 0, class: "other", external: ["10.0.0.0"]))
    #expect(world.settle() == [], "what people write drives nobody out")
  }

  /// Otherwise the one moves, and the other one after it. One whose family it is not stays only where nobody
  /// else has it.
  @Test(arguments: ["asks", "selector", "family"])
  func whoWouldGiveItUpAnywayDrivesNobodyOut(how: String) {
    var world = World(
      PoolSettings(), [pool("a", "10.0.0.0/28", selector: ["a": "b"]), pool("c", "10.9.0.0/24")])
    world.put(service("young", age: 2, labels: ["a": "b"]))
    #expect(world.settle() == ["young +10.0.0.0"])
    switch how {
    case "asks":
      world.put(
        service("old", age: 1, labels: ["a": "b"], ips: "10.0.0.7", has: ["10.0.0.0"]))
      #expect(world.settle() == ["old +10.0.0.7 -10.0.0.0"])
    case "selector":
      world.put(service("old", age: 1, has: ["10.0.0.0"]))
      #expect(world.settle() == ["old +10.9.0.0 -10.0.0.0"])
    default:
      world.put(
        service("old", age: 1, labels: ["a": "b"], families: [.ipv6], has: ["10.0.0.0"]))
      #expect(world.settle() == ["old -10.0.0.0 no_pool"])
    }
  }

  /// Both ask for something else: the older one moves on to it, or stays and keeps what it was written.
  @Test(arguments: [true, false])
  func whoeverIsOlderMovesOnIfItCan(isFree: Bool) {
    var world = World(PoolSettings(), [pool("a", "10.0.0.0/28")])
    world.put(service("taker", ips: "10.0.0.8"))
    world.put(service("young", age: 2))
    world.settle()
    world.change("young") { $0.allocation.requestedIPs = "10.0.0.8" }
    world.put(service("old", age: 1, ips: isFree ? "10.0.0.7" : "10.0.0.8", has: ["10.0.0.0"]))
    let lines = world.settle()
    #expect(
      lines
        == (isFree
          ? ["old +10.0.0.7 -10.0.0.0", "young already_allocated"]
          : ["old already_allocated", "young -10.0.0.0 already_allocated"]))
  }

  /// The address that the older one asks for becomes free by another write of the same plan.
  @Test func whoMayMoveOnIsWaitedFor() {
    var world = World(PoolSettings(), [pool("a", "10.0.0.0/28")])
    world.put(service("third", age: 0))
    world.put(service("young", age: 2))
    world.settle()
    world.change("young") { $0.allocation.requestedIPs = "10.0.0.0" }
    world.put(service("old", age: 0, ips: "10.0.0.0", has: ["10.0.0.1"]))
    world.change("third") { $0.allocation.requestedIPs = "10.0.0.5" }
    world.settle()
    #expect(world.addresses("third") == ["10.0.0.5"])
    #expect(world.addresses("old") == ["10.0.0.0"])
    #expect(world.addresses("young") == ["10.0.0.1"])
  }

  /// Nobody knows whether the older one has moved on: the younger one waits until somebody does.
  @Test func aWriteInDoubtTakesNothingFromAnybody() {
    var world = World(PoolSettings(), [pool("a", "10.0.0.0/28")])
    world.put(service("taker", ips: "10.0.0.8"))
    world.put(service("young", age: 2))
    world.settle()
    world.change("young") { $0.allocation.requestedIPs = "10.0.0.8" }
    world.put(service("old", age: 1, ips: "10.0.0.7", has: ["10.0.0.0"]))
    let old = ObjectName("default", "old")
    world.allocator.hold(old, addresses: [address("10.0.0.7")])
    #expect(world.settle() == [])
    world.allocator.letGo(old)
    #expect(world.settle() == ["old +10.0.0.7 -10.0.0.0", "young already_allocated"])
  }

  /// One whose writes the server refuses stays where it is.
  @Test func whoCannotBeWrittenIsNotWaitedFor() {
    var world = World(PoolSettings(), [pool("a", "10.0.0.0/28")])
    world.put(service("taker", ips: "10.0.0.8"))
    world.put(service("young", age: 2))
    world.settle()
    world.change("young") { $0.allocation.requestedIPs = "10.0.0.8" }
    world.put(service("old", age: 1, ips: "10.0.0.7", has: ["10.0.0.0"]))
    world.allocator.hold(ObjectName("default", "old"), addresses: [])
    #expect(world.settle() == ["young -10.0.0.0 already_allocated"])
  }

  /// The watch brings our own write before its answer.
  @Test func aWriteThatTheWatchBringsFirstIsOurs() {
    var world = world()
    world.change("s") { $0.allocation.requestedIPs = "10.0.0.3" }
    let step = world.allocator.plan(limit: 1, at: world.now)[0]
    world.write(step, answered: false)
    let written = world.services[ObjectName("default", "s")]!
    world.allocator.update(written, at: world.now)
    world.allocator.wrote(
      written.name, version: written.allocation.version, ingress: written.ingress, at: world.now)
    #expect(world.allocator.foreignActivity == [])
    // And what came after it, before the answer.
    world.change("s") { $0.allocation.requestedIPs = "10.0.0.4" }
    let next = world.allocator.plan(limit: 1, at: world.now)[0]
    world.write(next, answered: false)
    let ours = world.services[ObjectName("default", "s")]!
    world.change("s") { $0.ingress = [] }
    world.allocator.wrote(
      ours.name, version: ours.allocation.version, ingress: ours.ingress, at: world.now)
    #expect(world.allocator.foreignActivity.map(\.count) == [1])
  }

  /// It was taken before as well, and nobody has to be told that it is; but now it is given.
  @Test func anExternalAddressThatIsGivenTooDrivesOut() {
    var world = World(PoolSettings(), [pool("a", "10.0.0.0/28")])
    world.put(service("ours", age: 1, ips: "10.99.0.9", has: ["10.0.0.4"]))
    world.put(service("theirs", age: 2, class: "other", external: ["10.0.0.4"]))
    #expect(world.settle() == ["ours no_pool"])
    world.change("theirs") { $0.ingress = [.init(ip: "10.0.0.4")] }
    #expect(world.settle() == ["ours -10.0.0.4 no_pool"])
    #expect(world.settle() == [])
  }

  @Test func whoIsNotOursStaysWhereHeIs() {
    var world = world()
    world.put(service("a", age: 1, key: "k", ports: [1]))
    #expect(world.settle() == ["a +10.0.0.1"])
    world.put(service("theirs", age: 2, class: "other", has: ["10.0.0.1"]))
    world.put(service("d", age: 3, key: "k", ports: [2], has: ["10.0.0.1"]))
    #expect(world.settle() == ["d +10.0.0.2 -10.0.0.1"], "it suits the first and not the second")
  }
}
