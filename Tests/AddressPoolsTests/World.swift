import AddressPools
import Cluster
import Time
import Wire

/// An API server of two kinds in memory, and an allocator that is fed by it.
struct World {
  var services: [ObjectName: Service] = [:]
  var pools: [String: LoadBalancerIPPool] = [:]
  var nodes: [String: Node] = [:]
  var version = 0
  var now = Instant(nanoseconds: 0)
  var allocator: PoolAllocator

  init(_ settings: PoolSettings = PoolSettings(), _ pools: [LoadBalancerIPPool] = []) {
    allocator = PoolAllocator(settings)
    for pool in pools { put(pool) }
  }

  // What people and others do.

  mutating func put(_ pool: LoadBalancerIPPool) {
    version += 1
    var pool = pool
    pool.version = "\(version)"
    if let known = pools[pool.name] {
      pool.createdAt = known.createdAt
      pool.conditions = known.conditions
    }
    pools[pool.name] = pool
    allocator.update(pool)
  }

  mutating func put(_ service: Service) {
    version += 1
    var service = service
    service.allocation.version = "\(version)"
    if let known = services[service.name] {
      service.uid = known.uid
      service.ingress = known.ingress
      service.allocation.conditions = known.allocation.conditions
      service.allocation.createdAt = known.allocation.createdAt
    } else {
      service.uid = "\(version)"
    }
    services[service.name] = service
    allocator.update(service, at: now)
  }

  mutating func change(_ name: String, _ body: (inout Service) -> Void) {
    let name = ObjectName("default", name)
    guard var service = services[name] else { return }
    body(&service)
    version += 1
    service.allocation.version = "\(version)"
    services[name] = service
    allocator.update(service, at: now)
  }

  mutating func put(_ node: Node) {
    nodes[node.name] = node
    allocator.update(node)
  }

  mutating func delete(node name: String) {
    nodes[name] = nil
    allocator.removeNode(name)
  }

  mutating func delete(_ name: ObjectName) {
    version += 1
    services[name] = nil
    allocator.removeService(name, version: "\(version)")
  }

  mutating func delete(pool name: String) {
    version += 1
    pools[name] = nil
    allocator.removePool(name, version: "\(version)")
  }

  // What the allocator's steps do.

  /// Writes what is planned until there is nothing left to write.
  ///
  /// - Returns: what changed at Services: `web +10.0.0.1`, `web -10.0.0.1 no_pool`.
  @discardableResult mutating func settle(limit: Int = .max) -> [String] {
    var lines: [String] = []
    for _ in 0..<1000 {
      let steps = allocator.plan(limit: limit, at: now)
      if steps.isEmpty { return lines }
      for step in steps {
        if case .service(let writing) = step { lines.append(writing.line) }
        write(step)
      }
    }
    return lines + ["it never settles"]
  }

  /// - Returns: whether the server took it: it refuses what was decided on another version.
  @discardableResult mutating func write(_ step: PoolStep, answered: Bool = true) -> Bool {
    switch step {
    case .service(let writing):
      guard var service = services[writing.service], service.uid == writing.uid,
        service.allocation.version == writing.version
      else { return false }
      version += 1
      service.ingress = writing.ingress.map {
        .init(ip: $0.ip, hostname: $0.hostname, ipMode: "VIP")
      }
      service.allocation.conditions = writing.conditions.map(dated)
      service.allocation.version = "\(version)"
      services[writing.service] = service
      guard answered else { return true }
      allocator.wrote(writing.service, version: "\(version)", ingress: service.ingress, at: now)
      allocator.update(service, at: now)
    case .pool(let writing):
      guard var pool = pools[writing.pool], pool.version == writing.version else { return false }
      version += 1
      pool.conditions = writing.conditions.map(dated)
      pool.version = "\(version)"
      pools[writing.pool] = pool
      if answered { allocator.update(pool) }
    }
    return true
  }

  private func dated(_ condition: Condition) -> Condition {
    var condition = condition
    condition.lastTransitionTime = condition.lastTransitionTime ?? "at version \(version)"
    return condition
  }

  /// An allocator that knows nothing but the objects, in any order.
  func restarted() -> PoolAllocator {
    var allocator = PoolAllocator(allocator.settings)
    allocator.replaceNodes(Array(nodes.values))
    allocator.replacePools(Array(pools.values), listVersion: "\(version)")
    allocator.replaceServices(Array(services.values), listVersion: "\(version)", at: now)
    return allocator
  }

  // What people see.

  func addresses(_ name: String) -> [String] {
    services[ObjectName("default", name)]?.ingress.map { $0.ip ?? $0.hostname ?? "" } ?? []
  }

  /// `satisfied`, or the reason and the message of the condition.
  func condition(_ name: String) -> String? {
    services[ObjectName("default", name)]?.allocation.conditions
      .first { $0.type == Condition.requestSatisfied }.map { condition in
        condition.message.isEmpty ? condition.reason : "\(condition.reason): \(condition.message)"
      }
  }

  func reason(_ name: String) -> String? {
    services[ObjectName("default", name)]?.allocation.conditions
      .first { $0.type == Condition.requestSatisfied }?.reason
  }

  /// `total/available/used` of a pool as its conditions have them.
  func counts(_ name: String) -> String {
    ["Total", "Available", "Used"].map { kind in
      pools[name]?.conditions.first { $0.type == "cilium.io/IPs\(kind)" }?.message ?? "?"
    }.joined(separator: "/")
  }
}

extension ServiceWriting {
  var line: String {
    var words = [service.name]
    words += change.gained.map { "+\($0)" } + change.lost.map { "-\($0)" }
    if let reason = change.reason, reason != .satisfied { words.append(reason.rawValue) }
    return words.joined(separator: " ")
  }
}
