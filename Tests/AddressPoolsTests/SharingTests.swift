import AddressPools
import Cluster
import Testing
import Wire

/// Two Services with one address: only where both want it and it can work.
struct SharingTests {
  private func world() -> World { World(PoolSettings(), [pool("a", "10.0.0.0/28")]) }

  @Test func oneKeyOneAddressAslongAsThePortsDiffer() {
    var world = world()
    world.put(service("a", age: 1, key: "k", ports: [80]))
    world.put(service("b", age: 2, key: "k", ports: [443]))
    world.put(service("c", age: 3, key: "k", ports: [22, 443]))
    world.put(service("d", age: 4, key: "k", ports: [8080]))
    world.put(service("e", age: 5, key: "other", ports: [1]))
    world.put(service("f", age: 6, ports: [2]))
    #expect(
      world.settle() == [
        "a +10.0.0.0", "b +10.0.0.0", "c +10.0.0.1", "d +10.0.0.0", "e +10.0.0.2",
        "f +10.0.0.3",
      ])
    #expect(world.counts("a") == "16/12/4", "a shared address is one")
    #expect(world.allocator.report()[0].services == 6)
  }

  @Test func portsOfAnotherProtocolAreOthers() {
    var world = world()
    var udp = service("b", age: 2, key: "k", ports: [])
    udp.allocation.ports = [Service.Port(80, "UDP")]
    world.put(service("a", age: 1, key: "k", ports: [80]))
    world.put(udp)
    #expect(world.settle() == ["a +10.0.0.0", "b +10.0.0.0"])
  }

  @Test(
    arguments: [
      (["two"], ["one"], true), (["*"], ["*"], true), (["two"], [], false), ([], ["one"], false),
      ([], [], false), (["two"], ["three"], false),
    ])
  func otherNamespacesMustNameEachOther(mine: [String], theirs: [String], isShared: Bool) {
    var world = world()
    world.put(service("a", age: 1, in: "one", key: "k", with: mine, ports: [1]))
    world.put(service("b", age: 2, in: "two", key: "k", with: theirs, ports: [2]))
    world.settle()
    let other = world.services[ObjectName("two", "b")]?.ingress.first?.ip
    #expect(other == (isShared ? "10.0.0.0" : "10.0.0.1"))
  }

  @Test(arguments: [(false, "x", false), (true, "x", true), (true, "y", false)])
  func thePolicyIsOneAndWithLocalThePods(isLocal: Bool, app: String, isShared: Bool) {
    var world = world()
    world.put(
      service("a", age: 1, key: "k", ports: [1], selector: ["app": "x"], isLocal: true))
    world.put(
      service("b", age: 2, key: "k", ports: [2], selector: ["app": "\(app)"], isLocal: isLocal))
    world.settle()
    #expect(world.addresses("b") == [isShared ? "10.0.0.0" : "10.0.0.1"])
  }

  @Test func itMustSuitAllWhoHaveIt() {
    var world = world()
    world.put(service("a", age: 1, key: "k", ports: [1]))
    world.put(service("b", age: 2, key: "k", ports: [2]))
    world.put(service("c", age: 3, key: "k", ports: [2]))
    #expect(world.settle() == ["a +10.0.0.0", "b +10.0.0.0", "c +10.0.0.1"])
  }

  @Test func theOneThatChangesMoves() {
    var world = world()
    world.put(service("a", age: 1, key: "k", ports: [1]))
    world.put(service("b", age: 2, key: "k", ports: [2]))
    world.settle()
    world.change("a") { $0.allocation.ports = [Service.Port(2)] }
    #expect(world.settle() == ["a +10.0.0.1 -10.0.0.0"], "though it is the older one")
    world.change("a") { $0.allocation.ports = [Service.Port(3)] }
    #expect(world.settle() == [], "nobody moves to be together")
  }

  @Test func fromScratchTheYoungerOneMoves() {
    var world = world()
    world.put(service("b", age: 2, key: "k", ports: [1], has: ["10.0.0.0"]))
    world.put(service("a", age: 1, key: "k", ports: [1], has: ["10.0.0.0"]))
    world.put(service("c", age: 3, key: "k", ports: [2], has: ["10.0.0.0"]))
    #expect(world.settle() == ["a", "b +10.0.0.1 -10.0.0.0", "c"])
  }

  @Test func requestsOfTakenAddresses() {
    var world = world()
    world.put(service("a", age: 1, key: "k", ports: [1]))
    world.settle()
    world.put(service("b", age: 2, ips: "10.0.0.0", key: "k", ports: [1]))
    world.put(service("c", age: 3, ips: "10.0.0.0", key: "k", ports: [2]))
    world.put(service("d", age: 4, ips: "10.0.0.0", key: "other", ports: [3]))
    #expect(
      world.settle() == [
        "b already_allocated_incompatible_service", "c +10.0.0.0", "d already_allocated",
      ])
    world.change("a") { $0.allocation.ports = [Service.Port(9)] }
    #expect(world.settle() == ["b +10.0.0.0"])
  }

  @Test func aNewOneIsNotPutOnADisabledPool() {
    var world = world()
    world.put(service("a", age: 1, key: "k", ports: [1]))
    world.settle()
    world.put(pool("a", "10.0.0.0/28", disabled: true))
    world.put(service("b", age: 2, key: "k", ports: [2]))
    #expect(world.settle() == ["b no_pool"])
  }
}
