import AddressPools
import Cluster
import Wire

/// The rules of pools.md §2 to §4 once more, without an index, a memory or a cache: what must hold of objects that
/// have settled.
struct Oracle {
  let world: World
  let settings: PoolSettings

  init(_ world: World) {
    self.world = world
    settings = world.allocator.settings
  }

  func addresses(_ service: Service) -> [IPAddress] {
    service.ingress.compactMap { $0.ip.flatMap { IPAddress($0) } }
  }

  func isOurs(_ service: Service) -> Bool {
    service.type == "LoadBalancer" && !service.isBeingDeleted
      && service.loadBalancerClass.map { settings.classes.contains($0) } ?? true
  }

  func isStranger(_ service: Service) -> Bool {
    service.allocation.conditions.contains { $0.reason == "foreign_address" }
  }

  func families(_ service: Service) -> [IPFamily] {
    switch service.allocation.familyPolicy {
    case .singleStack: [service.allocation.families[0]]
    case .preferDualStack: service.allocation.families
    case .requireDualStack: [.ipv4, .ipv6]
    }
  }

  func selects(_ pool: LoadBalancerIPPool, _ service: Service) -> Bool {
    guard let requirements = try? pool.serviceSelector?.requirements() else { return true }
    return requirements.hold(for: service)
  }

  func pools(with address: IPAddress) -> [LoadBalancerIPPool] {
    world.pools.values.filter { $0.ranges.contains { $0.contains(address) } }
  }

  /// Whether a Service may keep an address as far as pools go.
  func isUsable(_ address: IPAddress, _ service: Service) -> Bool {
    pools(with: address).contains { selects($0, service) }
  }

  func canShare(_ one: Service, _ two: Service) -> Bool {
    func admits(_ one: Service, _ two: Service) -> Bool {
      !Set([two.name.namespace, "*"]).isDisjoint(with: one.allocation.sharingNamespaces)
    }
    guard let key = one.allocation.sharingKey, key == two.allocation.sharingKey else {
      return false
    }
    return one.isLocal == two.isLocal
      && Set(one.allocation.ports).isDisjoint(with: two.allocation.ports)
      && (!one.isLocal || one.allocation.podSelector == two.allocation.podSelector)
      && (one.name.namespace == two.name.namespace || admits(one, two) && admits(two, one))
  }

  /// Pools that give addresses out.
  var giving: [LoadBalancerIPPool] {
    world.pools.values.filter { pool in
      guard pool.unreadable.isEmpty, !pool.isDisabled else { return false }
      if (try? pool.serviceSelector?.requirements()) == nil, pool.serviceSelector != nil {
        return false
      }
      for (number, block) in pool.ranges.enumerated() {
        for other in pool.ranges[(number + 1)...] where overlap(block, other) { return false }
        for older in world.pools.values
        where (older.createdAt, older.name) < (pool.createdAt, pool.name) {
          if older.ranges.contains(where: { overlap(block, $0) }) { return false }
        }
      }
      return true
    }
  }

  private func overlap(_ one: IPRange, _ two: IPRange) -> Bool {
    one.contains(two.lower) || two.contains(one.lower)
  }

  private func spares(_ pool: LoadBalancerIPPool, _ address: IPAddress) -> Bool {
    !pool.allowsFirstLast
      && pool.blocks.contains { block in
        block.isPrefix && block.range.count > 2
          && (block.range.lower == address || block.range.upper == address)
      }
  }

  func isTaken(_ address: IPAddress) -> Bool {
    settings.reserved.contains { $0.contains(address) }
      || world.nodes.values.contains { $0.addresses.contains(address) }
      || world.services.values.contains { service in
        addresses(service).contains(address)
          || service.externalIPs.contains { IPAddress($0) == address }
      }
  }

  /// Whether a small pool has an address for a Service that nobody has.
  func hasFree(_ family: IPFamily, for service: Service) -> Bool {
    giving.contains { pool in
      selects(pool, service)
        && pool.ranges.contains { range in
          IPFamily(range.lower) == family
            && range.addresses.prefix(300).contains { !spares(pool, $0) && !isTaken($0) }
        }
    }
  }

  /// Every address with more than one Service of ours that may not share it.
  var clashes: [String] {
    var holders: [IPAddress: [Service]] = [:]
    for service in world.services.values where isOurs(service) && !isStranger(service) {
      for address in Set(addresses(service)) { holders[address, default: []].append(service) }
    }
    return holders.flatMap { address, services in
      services.flatMap { one in
        services.filter { one.name < $0.name && !canShare(one, $0) }
          .map { "\(address): \(one.name) and \($0.name)" }
      }
    }
  }
}
