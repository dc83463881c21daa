package import Cluster
package import Wire

extension PoolAllocator {
  /// How the pools stand, by name.
  package func report() -> [PoolReport] {
    var services = [Int](repeating: 0, count: table.states.count)
    for entry in entries.values {
      var seen: [Int] = []
      for case let address? in entry.ingress {
        guard let pool = table.owner(of: address), !seen.contains(pool) else { continue }
        seen.append(pool)
        services[pool] += 1
      }
    }
    return zip(table.states, services).map { state, services in
      PoolReport(
        name: state.name, blocks: state.pool.blocks.map(\.text),
        ranges: state.pool.ranges, faults: state.faults,
        conflict: state.conflict, isDisabled: state.pool.isDisabled,
        notes: state.pool.inexact.map(\.description)
          + [nodeAddresses.note(on: state.pool)].compactMap(\.self), total: state.total,
        available: state.available, used: state.used, services: services)
    }
  }

  /// How the Services stand that get their addresses here, by name.
  package func services() -> [ServiceReport] {
    entries.values.filter { $0.standing(settings) == .ours }.map { entry in
      ServiceReport(
        service: entry.name, uid: entry.service.uid, addresses: entry.ingress.compactMap { $0 },
        families: entry.families, requests: entry.requests, isPending: isUndecided(entry.name),
        reason: entry.verdict?.reason, message: entry.verdict?.message ?? "",
        isLeftAlone: leftAlone[entry.name] != nil)
    }.sorted { $0.service < $1.service }
  }

  /// The version of a Service that is known; nil where there is none.
  package func version(of service: ObjectName) -> String? {
    entries[service]?.service.allocation.version
  }

  /// What pools and Services have to do with an address.
  package func explanation(of address: IPAddress) -> AddressExplanation {
    let pools = table.pools(with: address).map { position in
      AddressExplanation.Pool(
        name: table.states[position].name,
        obstacle: table.gives(address, from: position)
          ? nil : obstacle(to: address, in: position))
    }
    var names = Set(occupancy.holders(of: address))
    for entry in entries.values where entry.requests.contains(address) { names.insert(entry.name) }
    let services = names.sorted().map { name in
      AddressExplanation.Holder(
        service: name, isHolder: entries[name]?.addresses.contains(address) ?? false,
        words: words(on: name, address))
    }
    return AddressExplanation(address: address, pools: pools, services: services)
  }

  private func words(on name: ObjectName, _ address: IPAddress) -> String {
    guard let entry = entries[name] else { return "a write of it may have been done" }
    var words: [String] = []
    if entry.has(address) {
      words.append("has it")
    } else if entry.addresses.contains(address) {
      words.append("has it among its externalIPs")
    }
    if holds[name]?.contains(address) ?? false { words.append("a write of it may have been done") }
    if entry.requests.contains(address) { words.append("asks for it") }
    if leftAlone[name] != nil { words.append("somebody else keeps changing it") }
    if let verdict = entry.verdict, verdict.reason != .satisfied {
      words.append("\(verdict.reason.rawValue): \(verdict.message)")
    }
    return words.joined(separator: "; ")
  }
}
