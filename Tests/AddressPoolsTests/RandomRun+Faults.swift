import AddressPools
import Cluster
import Wire

extension RandomRun {
  /// Everything that must hold after an event has settled, and does not.
  func faults(since before: World, _ event: String) -> [String] {
    let oracle = Oracle(world)
    var faults = oracle.clashes.map { "twice: \($0)" } + unexplained
    faults += losses(before, oracle) + counts(oracle) + hungry(oracle)
    var again = world.allocator
    if !again.plan(limit: .max, at: world.now).isEmpty { faults.append("a second plan has steps") }
    var restarted = world.restarted()
    let steps = restarted.plan(limit: .max, at: world.now)
    if !steps.isEmpty { faults.append("a restart writes \(steps)") }
    return faults
  }

  /// Addresses that a Service lost though it could have kept them.
  private func losses(_ before: World, _ oracle: Oracle) -> [String] {
    before.services.values.flatMap { old -> [String] in
      guard let new = world.services[old.name], new.uid == old.uid, oracle.isOurs(new),
        oracle.isOurs(old), !oracle.isStranger(old), !oracle.isStranger(new)
      else { return [] }
      let has = oracle.addresses(new)
      return oracle.addresses(old).filter { address in
        guard !has.contains(address), oracle.isUsable(address, new) else { return false }
        // Written over by somebody else, whose address it keeps.
        if foreignWrites.contains(old.name) { return false }
        // It got what it asks for instead.
        if requests(new).contains(where: { IPFamily($0) == IPFamily(address) }),
          requests(new).allSatisfy(has.contains)
        {
          return false
        }
        // Somebody else has it as well.
        return !world.services.values.contains { other in
          other.name != new.name && !oracle.canShare(other, new)
            && (oracle.addresses(other).contains(address)
              || before.services[other.name].map { oracle.addresses($0).contains(address) } ?? false)
        }
      }.map { "\(old.name) lost \($0)" }
    }
  }

  private func requests(_ service: Service) -> [IPAddress] {
    (service.allocation.requestedIPs ?? "").split(separator: ",").compactMap { IPAddress($0) }
  }

  /// Total is available and used, and used is what is in use.
  private func counts(_ oracle: Oracle) -> [String] {
    var faults: [String] = []
    var used: [String: Set<IPAddress>] = [:]
    for service in world.services.values {
      let external = service.externalIPs.compactMap { IPAddress($0) }
      for address in oracle.addresses(service) + external {
        let oldest = oracle.pools(with: address).min {
          ($0.createdAt, $0.name) < ($1.createdAt, $1.name)
        }
        if let oldest { used[oldest.name, default: []].insert(address) }
      }
    }
    for report in world.allocator.report() {
      if report.total != report.available + report.used { faults.append("\(report)") }
      if report.used != UInt128(used[report.name]?.count ?? 0) {
        faults.append("\(report.name) has \(report.used) in use, not \(used[report.name] ?? [])")
      }
      let counts = "\(report.total)/\(report.available)/\(report.used)"
      if world.counts(report.name) != counts { faults.append("\(report.name) says not \(counts)") }
    }
    return faults
  }

  /// Services that could have an address and have none.
  private func hungry(_ oracle: Oracle) -> [String] {
    world.services.values.filter { service in
      oracle.isOurs(service) && !oracle.isStranger(service) && requests(service).isEmpty
        && service.allocation.requestedIPs == nil
        && service.allocation.familyPolicy != .requireDualStack
        && oracle.families(service).contains { family in
          !oracle.addresses(service).contains { IPFamily($0) == family }
            && oracle.hasFree(family, for: service)
        }
    }.map { "\($0.name) has nothing of a family though there is something" }
  }
}
