import AddressPools
import Cluster
import Testing
import Wire

/// What people are told.
struct ViewTests {
  private func world() -> World {
    var settings = PoolSettings()
    settings.reserved = [IPRange(address("10.3.0.1"))]
    return World(
      settings,
      [
        pool("blue", "10.0.0.0/28", age: 1), pool("late", "10.0.0.8/29", age: 2),
        pool("off", "10.1.0.0/28", disabled: true), pool("spares", "10.2.0.0/28", firstLast: false),
        pool("z", "10.3.0.0/28"),
      ])
  }

  private func lines(_ world: World, _ text: String) -> [String] {
    world.allocator.explanation(of: address(text)).lines
  }

  @Test func anAddressIsExplained() {
    var world = world()
    world.put(service("s", age: 1))
    world.put(service("asks", age: 2, ips: "10.0.0.0"))
    world.put(service("outside", age: 3, class: "other", external: ["10.0.0.9"]))
    world.settle()
    // Who asks comes first.
    #expect(
      lines(world, "10.0.0.0") == [
        "pool blue gives it out", "service default/asks: has it; asks for it",
      ])
    #expect(lines(world, "10.0.0.1") == ["pool blue gives it out", "service default/s: has it"])
    world.put(service("second", age: 4, ips: "10.0.0.0"))
    world.settle()
    #expect(
      lines(world, "10.0.0.0").last
        == "service default/second: asks for it; already_allocated: default/asks has 10.0.0.0")
    #expect(
      lines(world, "10.0.0.9") == [
        "pool blue gives it out",
        "pool late is in conflict: 10.0.0.8/29 overlaps 10.0.0.0/28 of pool blue",
        "service default/outside: has it among its externalIPs",
      ])
    #expect(lines(world, "10.1.0.0") == ["pool off is disabled"])
    #expect(
      lines(world, "10.2.0.0") == [
        "pool spares spares the first and the last address of a prefix"
      ])
    #expect(
      lines(world, "10.3.0.1") == [
        "pool z may not give it: this daemon's own configuration announces it"
      ])
    #expect(lines(world, "192.0.2.1") == [])
    world.allocator.hold(ObjectName("default", "s"), addresses: [address("10.0.0.5")])
    #expect(
      lines(world, "10.0.0.5").last
        == "service default/s: a write of it may have been done")
  }

  @Test func aBlockWithHostBitsIsShownAsWhatItGives() {
    var world = World(PoolSettings(), [pool("lan", "10.80.8.200/28")])
    world.put(service("s"))
    #expect(world.settle() == ["s +10.80.8.192"])
    let report = world.allocator.report()
    #expect(report[0].blocks == ["10.80.8.192/28"])
    #expect(report[0].notes.map { $0.hasPrefix("'10.80.8.200/28' is an address inside") } == [true])
    #expect(report[0].isGiving)
  }

  @Test func poolsAndServicesAreReported() {
    var world = world()
    world.put(service("s", age: 1))
    world.put(service("asks", age: 2, ips: "10.9.9.9"))
    #expect(world.allocator.services().map(\.isPending) == [true, true])
    #expect(world.allocator.services().map(\.reason) == [nil, nil])
    world.settle()
    let services = world.allocator.services()
    #expect(services.map(\.service.name) == ["asks", "s"])
    #expect(services.map(\.reason) == [.noPool, .satisfied])
    #expect(services.map(\.isPending) == [false, false])
    #expect(services.map(\.addresses) == [[], [address("10.0.0.0")]])
    #expect(services.map(\.requests) == [[address("10.9.9.9")], []])
    let report = world.allocator.report()
    #expect(report.map(\.name) == ["blue", "late", "off", "spares", "z"])
    #expect(report.map(\.isGiving) == [true, false, false, true, true])
    #expect(report.map(\.total) == [16, 0, 16, 14, 15])
    #expect(report.map(\.used) == [1, 0, 0, 0, 0])
    #expect(report.map(\.services) == [1, 0, 0, 0, 0])
    #expect(report[1].conflict == "10.0.0.8/29 overlaps 10.0.0.0/28 of pool blue")
    #expect(report[0].blocks == ["10.0.0.0/28"])
  }
}
