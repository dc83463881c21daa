internal import Announcer
internal import Lease
internal import SeededRandom
internal import Time
internal import Wire

/// Everything that a seed decides before a schedule begins: the nodes, their clocks, the store, and the
/// faults.
struct Plan {
  struct Node {
    let name: String
    let rate: Int64
    let reading: Int64
    let latency: Int64
    let isEligible: [Bool]
  }

  let seed: UInt64
  let timing: LeaseTiming
  let limits: LeaseLimits
  let policy: ElectionPolicy
  /// T as it is in force: the store grants two seconds at least.
  let timeToLive: Int64
  let leastTimeToLive: Int64 = 2 * .second
  let storeRate: Int64
  /// How late the store notices that a session has expired, at most.
  let expiryLateness: Int64
  let addresses: [IPAddress]
  let nodes: [Node]
  let faults: [Fault]
  /// Of 100 messages, how many are late by up to 2 T.
  let stragglers: Int
  /// When the faults are over.
  let calmAt: Moment
  /// What is gained is announced at once, and once more within T.
  let schedule: AnnouncementSchedule

  init(seed: UInt64, _ random: inout SplitMix64) {
    self.seed = seed
    let wanted = random.pick([1, 2, 2, 2, 2, 5, 5, 10])
    timeToLive = Int64(max(wanted, 2)) * .second
    // Cannot fail: these are the defaults, for TTLs that leave room.
    timing = try! LeaseTiming(timeToLive: .seconds(wanted))
    limits = random.chance(70) ? LeaseLimits() : LeaseLimits(batch: 3, window: 2)
    policy = ElectionPolicy(
      rebalances: random.chance(25), holds: random.chance(15),
      settling: .milliseconds(random.within(200...2000)))
    storeRate = Self.rate(&random)
    expiryLateness = random.chance(50) ? 0 : .second / 2
    let most = random.pick([1, 2, 4, 8, 40])
    addresses = (0...random.below(most)).map {
      .v4(IPv4Address(rawValue: IPv4Address(10, 0, 0, 1).rawValue + UInt32($0)))
    }
    stragglers = random.pick([0, 0, 1, 5])
    calmAt = Moment(
      nanoseconds: timeToLive * random.within(2...8) + random.within(0...timeToLive))
    nodes = Self.nodes(addresses: addresses.count, &random)
    // A node that waits for its twin's name may hold on without a lease for as long as the twin serves nothing.
    let mayLast = !policy.holds || Set(nodes.map(\.name)).count == nodes.count
    faults = Self.faults(
      mayLast: mayLast, nodes: nodes.count, addresses: addresses.count, timeToLive: timeToLive,
      calmAt: calmAt,
      &random)
    // Frames are not paced: that is the planner's own matter, and each would be an event.
    schedule = AnnouncementSchedule(
      rounds: [.zero, .nanoseconds(random.within(1...timeToLive))], refresh: .zero, spacing: .zero)
  }

  /// Within ρ = 0.1 of true time. The extremes, where the inequality is tight, come often: a holder
  /// whose clock is slow beside a store whose clock is fast.
  private static func rate(_ random: inout SplitMix64) -> Int64 {
    switch random.below(4) {
    case 0: 900_000
    case 1: 1_100_000
    case 2: 1_000_000
    default: random.within(900_000...1_100_000)
    }
  }

  private static func nodes(addresses: Int, _ random: inout SplitMix64) -> [Node] {
    let count = 2 + random.below(random.pick([1, 2, 6]))
    // One name on two machines: only one of them takes part at a time.
    let hasTwin = random.chance(8)
    let hasSubsets = random.chance(30)
    var nodes: [Node] = []
    for number in 0..<count {
      let isTwin = hasTwin && number == count - 1
      nodes.append(
        Node(
          name: isTwin ? nodes[0].name : "node-\(Character(UnicodeScalar(UInt8(97 + number))))",
          rate: rate(&random), reading: random.within(0...1000) * .second + 1,
          latency: random.pick([.millisecond / 2, .millisecond, 5 * .millisecond]),
          isEligible: isTwin
            ? nodes[0].isEligible
            : (0..<addresses).map { _ in !hasSubsets || random.chance(70) }))
    }
    return nodes
  }
}

extension Plan: CustomStringConvertible {
  var description: String {
    let machines = nodes.map { "\($0.name) \(percent($0.rate))" }.joined(separator: ", ")
    return
      "seed \(seed): T \(seconds(timeToLive, digits: 1)), \(addresses.count) addresses, "
      + (policy.rebalances ? "rebalancing, " : "") + (policy.holds ? "holding, " : "")
      + "store's clock \(percent(storeRate)), expiry up to \(seconds(expiryLateness)) late, "
      + "\(stragglers) % stragglers, clocks: \(machines); faults until \(seconds(calmAt.nanoseconds))"
  }

  private func percent(_ rate: Int64) -> String { "\(Double(rate) / 10_000) %" }
}
