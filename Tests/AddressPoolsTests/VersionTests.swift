import AddressPools
import Cluster
import Testing
import Wire

/// An object's version never goes back, whichever way the news come.
struct VersionTests {
  private func version(_ number: Int, _ service: Service) -> Service {
    var service = service
    service.allocation.version = "\(number)"
    return service
  }

  private func addresses(_ allocator: PoolAllocator) -> [String] {
    allocator.services().flatMap { $0.addresses.map(\.description) }
  }

  private let now = World().now

  @Test func whatIsOlderThanWhatIsKnownIsIgnored() {
    var allocator = PoolAllocator()
    allocator.update(version(5, service("s", has: ["10.0.0.5"])), at: now)
    allocator.update(version(4, service("s", has: ["10.0.0.4"])), at: now)
    #expect(addresses(allocator) == ["10.0.0.5"])
    allocator.removeService(ObjectName("default", "s"), version: "4")
    #expect(addresses(allocator) == ["10.0.0.5"])
    allocator.removeService(ObjectName("default", "s"), version: "7")
    allocator.update(version(6, service("s", has: ["10.0.0.6"])), at: now)
    #expect(addresses(allocator) == [], "a late answer does not bring it back")
    allocator.update(version(8, service("s", has: ["10.0.0.8"])), at: now)
    #expect(addresses(allocator) == ["10.0.0.8"])
  }

  @Test func aListNeitherDropsNorRollsBackWhatIsNewer() {
    var allocator = PoolAllocator()
    allocator.update(version(12, service("new", has: ["10.0.0.1"])), at: now)
    allocator.update(version(13, service("changed", has: ["10.0.0.2"])), at: now)
    allocator.update(version(5, service("gone", has: ["10.0.0.3"])), at: now)
    allocator.update(version(5, service("deleted", has: ["10.0.0.4"])), at: now)
    allocator.removeService(ObjectName("default", "deleted"), version: "14")
    allocator.replaceServices(
      [
        version(6, service("changed", has: ["10.0.0.9"])),
        version(5, service("deleted", has: ["10.0.0.4"])),
      ], listVersion: "10", at: now)
    #expect(addresses(allocator) == ["10.0.0.2", "10.0.0.1"])
    allocator.update(version(9, service("gone", has: ["10.0.0.3"])), at: now)
    #expect(addresses(allocator) == ["10.0.0.2", "10.0.0.1"], "the list did not have it")
  }

  @Test func versionsThatAreNoNumbersAreTakenAsTheyCome() {
    var allocator = PoolAllocator()
    var one = service("s", has: ["10.0.0.1"])
    one.allocation.version = "b"
    allocator.update(one, at: now)
    one = service("s", has: ["10.0.0.2"])
    one.allocation.version = "a"
    allocator.update(one, at: now)
    #expect(addresses(allocator) == ["10.0.0.2"])
    allocator.removeService(one.name, version: "x")
    #expect(addresses(allocator) == [])
  }

  @Test func poolsAreNoDifferent() {
    var allocator = PoolAllocator()
    var new = pool("a", "10.0.0.0/24")
    new.version = "5"
    var old = pool("a", "10.0.0.0/25")
    old.version = "4"
    allocator.update(new)
    allocator.update(old)
    #expect(allocator.report().map(\.total) == [256])
    allocator.removePool("a", version: "4")
    allocator.replacePools([old], listVersion: "4")
    #expect(allocator.report().map(\.total) == [256])
    allocator.replacePools([], listVersion: "6")
    allocator.update(new)
    #expect(allocator.report().isEmpty)
  }

  @Test func whatABackupBringsBackIsNewsThoughItIsOlder() {
    var allocator = PoolAllocator()
    var (then, since) = (pool("a", "10.0.0.0/24"), pool("a", "10.0.0.0/25"))
    (then.version, since.version) = ("5", "9")
    allocator.replacePools([since], listVersion: "12")
    allocator.replaceServices(
      [version(10, service("s", has: ["10.0.0.5"])), version(11, service("new"))],
      listVersion: "12", at: now)
    // What differs from it later would be somebody else's doing.
    allocator.wrote(
      ObjectName("default", "s"), version: "10", ingress: [Service.Ingress(ip: "10.0.0.5")],
      at: now)
    allocator.forgetVersions()
    allocator.replacePools([then], listVersion: "6")
    allocator.replaceServices(
      [version(4, service("s", has: ["10.0.0.4"])), version(3, service("old"))],
      listVersion: "6", at: now)
    #expect(allocator.report().map(\.total) == [256])
    #expect(addresses(allocator) == ["10.0.0.4"])
    #expect(allocator.services().map(\.service.name) == ["old", "s"])
    #expect(allocator.foreignActivity.isEmpty)
    allocator.update(version(7, service("s", has: ["10.0.0.7"])), at: now)
    #expect(addresses(allocator) == ["10.0.0.7"])
  }

  @Test func anObjectThatWasMadeAnewIsAnother() {
    var world = World(PoolSettings(), [pool("a", "10.0.0.0/30")])
    world.put(service("s"))
    world.settle()
    world.services[ObjectName("default", "s")] = nil
    world.put(service("s", has: ["192.0.2.1"]))
    #expect(world.settle() == ["s foreign_address"])
  }
}
