import AddressPools
import Cluster
import Glibc
import Testing
import Time
import Wire

/// The bounds are for an unoptimised build on a busy machine, far above what the release needs: they catch
/// what is quadratic.
@Suite(.serialized) struct ScaleTests {
  private func measure(
    _ what: String, atMost limit: Duration = .seconds(3), _ body: () -> Void
  ) {
    let began = Self.processorTime
    body()
    #expect(Self.processorTime - began < limit, "\(what)")
  }

  /// Of this thread: what else the machine has to do does not count.
  private static var processorTime: Duration {
    var time = timespec()
    _ = unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
  }

  private func number(_ index: Int) -> Service {
    service(
      "service-number-\(index)", age: index % 60, in: "team-\(index % 50)",
      labels: [
        "app.kubernetes.io/name": "service-number-\(index)", "tier": "tier-\(index % 200)",
        "helm.sh/chart": "a-chart-with-a-long-name-1.2.3",
      ])
  }

  private func world(_ count: Int) -> World {
    var world = World()
    let pools = (0..<200).map { index in
      pool(
        "pool-\(index)", "10.\(index).0.0/16", age: index % 60,
        selector: ["tier": "tier-\(index)"])
    }
    for pool in pools { world.pools[pool.name] = pool }
    for index in 0..<count { world.services[number(index).name] = number(index) }
    return world
  }

  @Test(.timeLimit(.minutes(5))) func thousandsOfServicesAndHundredsOfPools() {
    var world = world(3000)
    measure("pools and services come") { world.allocator = world.restarted() }
    var steps: [PoolStep] = []
    measure("all get an address") {
      steps = world.allocator.plan(limit: .max, at: world.now)
    }
    #expect(steps.count == 3200)
    measure("all are written", atMost: .seconds(10)) { for step in steps { world.write(step) } }
    measure("what is left to say") { world.settle() }
    measure("nothing is to be done", atMost: .milliseconds(100)) {
      #expect(world.allocator.plan(limit: .max, at: world.now) == [])
    }
    measure("a restart") {
      var allocator = world.restarted()
      #expect(allocator.plan(limit: .max, at: world.now) == [])
    }
    measure("one more", atMost: .milliseconds(300)) {
      world.put(number(5000))
      world.settle()
    }
    measure("views") {
      _ = world.allocator.report()
      _ = world.allocator.services()
      _ = world.allocator.explanation(of: address("10.7.0.1"))
    }
  }

  @Test(.timeLimit(.minutes(5))) func thousandsFromOneLargePool() {
    var world = World(PoolSettings(), [pool("a", "fd00::/64")])
    for index in 0..<3000 {
      world.put(service("s\(index)", families: [.ipv6]))
    }
    measure("all of them", atMost: .seconds(10)) { #expect(world.settle(limit: 500).count == 3000) }
    #expect(world.counts("a") == "18446744073709551616/18446744073709548616/3000")
  }

  @Test(.timeLimit(.minutes(5))) func thousandsThatWait() {
    var world = World(PoolSettings(), [pool("a", "10.0.0.0/24")])
    for index in 0..<2000 { world.put(service("s\(index)")) }
    measure("most get nothing", atMost: .seconds(10)) { world.settle() }
    measure("one goes, another comes", atMost: .seconds(3)) {
      world.delete(ObjectName("default", "s0"))
      #expect(world.settle().count == 1)
    }
  }

  @Test(.timeLimit(.minutes(5))) func tensOfThousandsOfBlocks() {
    var world = World()
    let blocks = (0..<10_000).map { "10.\($0 / 256).\($0 % 256).0/25" }
    let others = (0..<10_000).map { "10.\($0 / 256).\($0 % 256).128/25" }
    measure("they are taken over", atMost: .seconds(20)) {
      for (name, blocks) in [("a", blocks), ("b", others)] {
        var pool = LoadBalancerIPPool(name, blocks: blocks.map { .cidr($0) })
        pool.createdAt = time(1)
        world.put(pool)
      }
    }
    for index in 0..<200 { world.put(service("s\(index)")) }
    measure("they are given out") { world.settle() }
    #expect(world.counts("a") == "1280000/1279800/200")
  }

  @Test(.timeLimit(.minutes(5))) func hundredsThatShareOneAddress() {
    var world = World(PoolSettings(), [pool("a", "10.0.0.0/24")])
    for index in 0..<300 {
      world.put(service("s\(index)", age: 1, key: "k", ports: [UInt16(index + 1)]))
    }
    measure("all at one", atMost: .seconds(20)) { world.settle() }
    #expect(world.counts("a") == "256/255/1")
  }
}
