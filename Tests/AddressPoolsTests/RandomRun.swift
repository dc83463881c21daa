import AddressPools
import Cluster
import SeededRandom
import Time
import Wire

/// A world to which things happen, by a seed.
struct RandomRun {
  var random: SplitMix64
  var world: World
  /// Versions that a watch may still bring.
  private var past: [Service] = []
  /// Services whose addresses the last event wrote over.
  private(set) var foreignWrites: Set<ObjectName> = []
  /// Addresses that were taken, since the last event, without a word on why.
  private(set) var unexplained: [String] = []

  init(seed: UInt64) {
    random = SplitMix64(seed: seed)
    let settings = PoolSettings(
      classes: ["ours"],
      reserved: random.chance(30) ? [IPRange(address("10.0.0.1"), address("10.0.0.2"))!] : [])
    world = World(settings)
    for _ in 0..<random.below(4) { world.put(randomPool()) }
    for _ in 0..<random.below(12) { world.put(randomService()) }
    settle()
  }

  /// One thing that people, others or the network do.
  mutating func event() -> String {
    // Slow enough that nobody is left alone.
    world.now = world.now + .seconds(100)
    past += world.services.values
    foreignWrites = []
    unexplained = []
    switch random.below(17) {
    case 0...3:
      let service = randomService()
      world.put(service)
      return "service \(service.name)"
    case 4:
      guard let name = someService() else { return "nothing" }
      world.delete(name)
      return "delete \(name)"
    case 5...6:
      let pool = randomPool()
      world.put(pool)
      return "pool \(pool.name)"
    case 7:
      guard let name = world.pools.keys.sorted().randomElement(using: &random) else { return "-" }
      world.delete(pool: name)
      return "delete pool \(name)"
    case 8...9:
      guard let name = someService(), name.namespace == "default" else { return "nothing" }
      // As likely as not an address that another one has.
      let taken = world.services.values.flatMap(\.ingress).compactMap(\.ip).sorted()
      let isTaken = random.chance(50) && !taken.isEmpty
      let free = random.chance(30) ? "fd00::\(random.below(9))" : "10.0.0.\(random.below(24))"
      let ip = isTaken ? random.pick(taken) : free
      let keepsOthers = random.chance(30)
      foreignWrites = [name]
      world.change(name.name) { service in
        let others = keepsOthers ? service.ingress.filter { $0.ip != ip } : []
        service.ingress = others + [.init(ip: ip)]
      }
      return "foreign \(name) \(ip)"
    case 10:
      guard let name = someService(), name.namespace == "default" else { return "nothing" }
      let loses = random.chance(50)
      world.change(name.name) { service in
        if loses { service.allocation.conditions = [] } else { service.isBeingDeleted = true }
      }
      return "\(loses ? "conditions of" : "deletion of") \(name)"
    case 11:
      for service in past.shuffled(using: &random).prefix(5) {
        world.allocator.update(service, at: world.now)
      }
      return "late news"
    case 12:
      world.allocator = world.restarted()
      return "restart"
    case 13:
      world.allocator.settings.classes = random.pick([[], ["ours"], ["ours", "theirs"]])
      return "classes"
    case 14:
      world.allocator.replaceServices(
        Array(world.services.values), listVersion: "\(world.version)", at: world.now)
      return "list"
    case 15:
      let name = "n\(random.below(3))"
      let addresses = (0..<random.below(4)).map { _ in
        address(random.chance(70) ? "10.0.0.\(random.below(24))" : "fd00::\(random.below(9))")
      }
      if addresses.isEmpty {
        world.delete(node: name)
      } else {
        world.put(Node(name, addresses: Set(addresses).sorted()))
      }
      return "node \(name) \(addresses)"
    default: return "nothing"
    }
  }

  /// Writes what is planned, over a network that loses requests and answers.
  mutating func settle() {
    for round in 0..<50 {
      let steps = world.allocator.plan(limit: random.pick([1, 3, 100]), at: world.now)
      if steps.isEmpty { return }
      for step in steps {
        if case .service(let writing) = step { unexplained += silences(writing) }
        let luck = round < 10 ? random.below(10) : 9
        guard case .service(let writing) = step, luck < 4 else {
          world.write(step)
          continue
        }
        switch luck {
        case 0: break
        case 1:
          world.allocator.hold(writing.service, addresses: writing.change.gained)
          world.write(step, answered: false)
          if let now = world.services[writing.service] {
            world.allocator.update(now, at: world.now)
          }
          world.allocator.letGo(writing.service)
        case 2:
          world.allocator.hold(writing.service, addresses: writing.change.gained)
          world.allocator.letGo(writing.service)
        default: world.write(step, answered: false)
        }
        // The watch brings it in the end.
        if luck == 3, let now = world.services[writing.service] {
          world.allocator.update(now, at: world.now)
        }
      }
    }
    world.settle()
  }

  /// Addresses that a step takes without saying why in its event and in the Service's condition.
  private func silences(_ writing: ServiceWriting) -> [String] {
    guard let service = world.services[writing.service] else { return [] }
    let kept = writing.ingress.compactMap(\.ip)
    let oracle = Oracle(world)
    let stolen = writing.change.gained.filter { address in
      world.nodes.values.contains { $0.addresses.contains(address) }
    }
    if !stolen.isEmpty { return ["\(service.name) gets \(stolen), which nodes have"] }
    let condition = writing.conditions.first { $0.type == Condition.requestSatisfied }
    let gone = service.ingress.compactMap(\.ip).filter { !kept.contains($0) }
    return gone.compactMap { IPAddress($0)?.description }.compactMap { ip in
      let what = "\(service.name) loses \(ip)"
      guard let release = writing.change.released.first(where: { "\($0.address)" == ip }) else {
        return "\(what) and nobody says it"
      }
      guard !release.reason.description.isEmpty, writing.change.released.text.contains(ip) else {
        return "\(what) without a reason"
      }
      if let condition, !condition.message.contains(ip) {
        return "\(what), and the condition says \(condition.message)"
      }
      let mayStay = oracle.isOurs(service) && oracle.isUsable(release.address, service)
      switch release.reason {
      case .inNoPool, .notSelected: return mayStay ? "\(what): \(release.reason), not so" : nil
      case .keptByAnother, .asksForOthers, .notLoadBalancer, .foreignClass: return nil
      }
    }
  }

  private mutating func someService() -> ObjectName? {
    world.services.keys.sorted().randomElement(using: &random)
  }

  private mutating func randomPool() -> LoadBalancerIPPool {
    let blocks = (0...random.below(3)).map { _ in
      random.pick([
        "10.0.0.\(random.below(24))/\(28 + random.below(5))", "10.0.0.\(random.below(24))",
        "10.0.0.\(random.below(12))-10.0.0.\(12 + random.below(12))", "fd00::/64",
        "fd00::\(random.below(10))/126", random.chance(20) ? "rubbish" : "10.0.1.0/29",
      ])
    }
    var pool = LoadBalancerIPPool("p\(random.below(5))", blocks: blocks.map(written))
    pool.createdAt = time(random.below(5))
    pool.isDisabled = random.chance(15)
    pool.allowsFirstLast = random.chance(70)
    pool.generation = Int64(world.version)
    switch random.below(8) {
    case 0: pool.serviceSelector = LabelSelector(matchLabels: ["app": "a"])
    case 1:
      pool.serviceSelector = LabelSelector(
        matchExpressions: [.init(key: "app", operator: "NotIn", values: ["a"])])
    case 2 where random.chance(20):
      pool.serviceSelector = LabelSelector(
        matchExpressions: [.init(key: "app", operator: "Maybe")])
    default: break
    }
    return pool
  }

  private mutating func randomService() -> Service {
    let isDual = random.chance(40)
    let isSharing = random.chance(40)
    var one = service(
      "s\(random.below(12))", age: random.below(20),
      in: random.pick(["default", "default", "default", "two"]),
      labels: ["app": random.pick(["a", "b"])],
      class: random.pick([nil, nil, nil, nil, "ours", "theirs"]),
      families: isDual
        ? random.pick([dual, dual.reversed()]) : [random.pick([.ipv4, .ipv4, .ipv6])],
      policy: isDual
        ? random.pick([.preferDualStack, .requireDualStack, .singleStack]) : .singleStack,
      ips: random.pick([nil, nil, nil, "10.0.0.\(random.below(24))", "rubbish", "fd00::3"]),
      key: isSharing ? random.pick(["k", "l"]) : nil,
      with: random.pick([[], ["*"], ["default", "two"]]),
      ports: isSharing ? [random.pick([1, 2, 3, 4]), random.pick([1, 5, 6])] : [],
      selector: ["app": random.pick(["a", "b"])], isLocal: random.chance(30),
      has: random.pick([
        [], [], [], [], ["10.0.0.\(random.below(30))"], ["fd00::\(random.below(9))"],
        ["10.0.0.\(random.below(30))", "fd00::\(random.below(9))"],
      ]),
      external: random.chance(10) ? ["10.0.0.\(random.below(24))"] : [])
    one.allocation.ports = Set(one.allocation.ports).sorted()
    if random.chance(5) { one.type = "ClusterIP" }
    if random.chance(5) { one.ingress.append(.init(hostname: "lb.example")) }
    return one
  }
}
