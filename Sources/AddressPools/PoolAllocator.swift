internal import Cluster
package import Time
internal import Wire

/// Gives addresses of pools to Services: told what the cluster's objects are, asked what is to be written.
///
/// **Stability is its rule** (pools.md §2.1): what a Service has and may have, it keeps, whatever else changes; only
/// then is anything given out. What comes out is a function of the objects, whatever the order in which they came.
/// The memory beyond that serves those who have: who changed how it shares is the one to move, whose addresses were
/// seen in a pool, and who is at odds with us.
///
/// Every Service is decided when it, or what its last decision hung on, changes: one of ten thousand costs
/// microseconds.
package struct PoolAllocator: Sendable {
  package var settings: PoolSettings {
    didSet { if settings != oldValue { rebuild() } }
  }

  var pools: [String: LoadBalancerIPPool] = [:]
  var poolVersions = VersionMemory<String>()
  var entries: [ObjectName: ServiceEntry] = [:]
  var serviceVersions = VersionMemory<ObjectName>()
  /// The addresses of each node, and of all.
  var nodes: [String: [IPAddress]] = [:]
  var nodeAddresses = NodeAddresses()
  /// Writes whose outcome is unknown, and what they may have given.
  var holds: [ObjectName: [IPAddress]] = [:]
  var table = PoolTable()
  var occupancy = Occupancy()

  /// Services that are to be decided anew.
  private(set) var dirty: Set<ObjectName> = []
  /// The same in the order of their turn, as long as nobody came in between.
  private var queue: [ServiceEntry.Order] = []
  private var queueIsStale = false
  /// Services that want more than they have: a free address may be what they wait for.
  private var waiting: Set<ObjectName> = []
  private var isToWake = false
  /// Those of them whose reason would be another one if something were taken that is free: they ask for
  /// several things, of which some could be had.
  private var wary: Set<ObjectName> = []
  private var isToWarn = false
  /// Services that somebody keeps changing against us, and until when they are left to him.
  var leftAlone: [ObjectName: Instant] = [:]
  /// Counts the changes of how Services share.
  var disturbances: UInt64 = 0

  package init(_ settings: PoolSettings = PoolSettings()) {
    self.settings = settings
    rebuild()
  }

  /// What is to be written now; nothing where all is as it should be.
  ///
  /// What earlier steps give counts as taken for later ones. The caller writes them in this order and feeds
  /// the server's answers back; a step that failed is planned again.
  ///
  /// - Parameter limit: of Services. Pools come after the last Service.
  package mutating func plan(limit: Int, at now: Instant) -> [PoolStep] {
    endLeavingAlone(at: now)
    settleQueue()
    var plan = Plan(limit: limit)
    for turn in queue where dirty.contains(turn.name) && !plan.isCut {
      settle(turn.name, in: &plan)
    }
    // Those before whom they would give way may move on with what is to be written now.
    if plan.steps.isEmpty {
      for name in plan.postponed where !plan.isCut { settle(name, in: &plan, givesWay: true) }
    }
    // Who got nothing beside others who did is asked again: theirs may fail.
    if plan.given.isEmpty { plan.settled.formUnion(plan.unsure) }
    dirty.subtract(plan.settled)
    if !plan.settled.isEmpty { queue.removeAll { plan.settled.contains($0.name) } }
    if !plan.isCut { plan.steps += poolWritings().map(PoolStep.pool) }
    for (name, address) in plan.given { vacate(address, name) }
    return plan.steps
  }

  /// A plan in the making.
  private struct Plan {
    let limit: Int
    var steps: [PoolStep] = []
    var given: [(service: ObjectName, address: IPAddress)] = []
    var settled: Set<ObjectName> = []
    var unsure: [ObjectName] = []
    /// Who would have to give way.
    var postponed: [ObjectName] = []
    var isCut = false
  }

  /// Decides on a Service, and adds what is to be written.
  private mutating func settle(_ name: ObjectName, in plan: inout Plan, givesWay: Bool = false) {
    guard entries[name] != nil else {
      plan.settled.insert(name)
      return
    }
    if holds[name] != nil || leftAlone[name] != nil { return }
    guard let decision = decide(name, givesWay: givesWay) else {
      plan.postponed.append(name)
      return
    }
    setWaiting(name, decision)
    guard let writing = writing(name, decision) else {
      if decision.isWaiting { plan.unsure.append(name) } else { plan.settled.insert(name) }
      return
    }
    guard plan.steps.count < plan.limit else {
      plan.isCut = true
      return
    }
    plan.steps.append(.service(writing))
    for address in writing.change.gained where occupy(address, name) {
      plan.given.append((name, address))
    }
  }

  /// When there may be something to do though nothing has changed; the distant future where never.
  package var nextDue: Instant { leftAlone.values.min() ?? .distantFuture }

  mutating func markDirty(_ name: ObjectName) {
    guard entries[name] != nil, dirty.insert(name).inserted else { return }
    queueIsStale = true
  }

  /// Something has become free, or can be shared now.
  mutating func wakeWaiting() { isToWake = true }

  /// Something was taken that others may count on.
  mutating func warnWaiting() { isToWarn = true }

  private mutating func setWaiting(_ name: ObjectName, _ decision: Decision) {
    guard decision.isWaiting, let entry = entries[name] else {
      waiting.remove(name)
      wary.remove(name)
      return
    }
    waiting.insert(name)
    let wantsMuch =
      !entry.requests.isEmpty || entry.service.allocation.familyPolicy == .requireDualStack
    if wantsMuch { wary.insert(name) } else { wary.remove(name) }
  }

  mutating func forget(_ name: ObjectName) {
    dirty.remove(name)
    waiting.remove(name)
    wary.remove(name)
    leftAlone[name] = nil
  }

  mutating func rebuildTable() {
    let ofNodes = nodeAddresses.addresses.map { IPRange($0) }
    table.rebuild(
      pools.values, reserved: RangeSet(settings.reserved + Unannounceable.ranges + ofNodes),
      occupancy)
  }

  /// Pools or settings have changed: everything is decided anew.
  mutating func rebuild() {
    rebuildTable()
    dirty = Set(entries.keys)
    waiting = []
    wary = []
    leftAlone = [:]
    queueIsStale = true
  }

  /// The order of a Service's turn may have changed.
  mutating func reorder() { queueIsStale = true }

  private mutating func settleQueue() {
    if isToWake {
      for name in waiting { markDirty(name) }
    } else if isToWarn {
      for name in wary { markDirty(name) }
    }
    isToWake = false
    isToWarn = false
    guard queueIsStale else { return }
    queueIsStale = false
    queue = dirty.compactMap { entries[$0]?.order }.sorted()
  }

  /// Whether the next plan decides on a Service.
  func isUndecided(_ name: ObjectName) -> Bool {
    dirty.contains(name) || isToWake && waiting.contains(name)
      || isToWarn && wary.contains(name)
  }
}
