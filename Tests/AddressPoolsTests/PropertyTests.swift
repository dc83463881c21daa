import AddressPools
import Cluster
import SeededRandom
import Testing
import Time
import Wire

/// Random pools, Services and events; after each of them what must always hold.
///
/// ANNOUNCER_SEEDS=1500 tries so many worlds, ANNOUNCER_SEEDS=728-728 one again.
struct PropertyTests {
  @Test(arguments: seeds(100))
  func whateverHappens(seed: UInt64) {
    var run = RandomRun(seed: seed)
    for number in 0..<60 {
      let before = run.world
      let event = run.event()
      run.settle()
      let faults = run.faults(since: before, event)
      #expect(faults == [], "seed \(seed), event \(number): \(event)")
      if !faults.isEmpty { return }
    }
  }

  /// An allocator that is fed with the same objects in another order plans the same.
  @Test(arguments: seeds(100))
  func theOrderOfFeedingDoesNotMatter(seed: UInt64) {
    var run = RandomRun(seed: seed)
    for _ in 0..<8 {
      for _ in 0..<3 { _ = run.event() }
      let world = run.world
      var one = world.restarted()
      let plan = one.plan(limit: .max, at: world.now)
      for _ in 0..<3 {
        var other = PoolAllocator(world.allocator.settings)
        let objects =
          (world.services.values.map { Either.service($0) }
          + world.pools.values.map { Either.pool($0) }
          + world.nodes.values.map { Either.node($0) }).shuffled(using: &run.random)
        for object in objects {
          switch object {
          case .service(let service): other.update(service, at: world.now)
          case .pool(let pool): other.update(pool)
          case .node(let node): other.update(node)
          }
          // Being asked in between is no event.
          if run.random.chance(10) { _ = other.report() }
        }
        #expect(other.plan(limit: .max, at: world.now) == plan, "seed \(seed)")
        #expect(other.report() == one.report(), "seed \(seed)")
        #expect(other.services() == one.services(), "seed \(seed)")
      }
      run.settle()
    }
  }

  private enum Either {
    case service(Service)
    case pool(LoadBalancerIPPool)
    case node(Node)
  }
}
