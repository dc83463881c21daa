internal import Cluster
internal import Wire

/// A pool as it stands among the others.
struct PoolState: Sendable {
  /// Why a pool gives nothing out.
  enum Obstacle: Sendable {
    case disabled
    case conflicting
    case faulty
  }

  let name: String
  let pool: LoadBalancerIPPool
  /// All of its addresses.
  let ranges: RangeSet
  /// What it would give out: without the first and last address of prefixes, where they are spared.
  let givableRanges: [IPRange]
  /// What a Service must be like; nil where the selector is faulty.
  let requirements: [LabelRequirement]?
  /// What is wrong with what people wrote.
  var faults: [String]
  /// What it has in common with older pools, or twice; nil: nothing.
  var conflict: String?
  /// What counts as its own and may be given out: no older pool has it, and nobody reserves it.
  var counted = RangeSet()
  /// How many `counted` has.
  var countedTotal: UInt128 = 0
  /// Occupied addresses of its own that count in `counted`.
  var usedCounted: UInt128 = 0
  /// Occupied addresses of its own that could not be given out now.
  var usedBeside: UInt128 = 0
  var ipv4: FreeRuns
  var ipv6: FreeRuns

  init(_ pool: LoadBalancerIPPool) {
    self.name = pool.name
    self.pool = pool
    ranges = RangeSet(pool.ranges)
    faults = pool.unreadable.map { "block \($0)" }
    do throws(LabelSelector.Fault) {
      requirements = try pool.serviceSelector?.requirements() ?? []
    } catch {
      requirements = nil
      faults.append("serviceSelector.\(error)")
    }
    givableRanges = pool.givableRanges
    ipv4 = FreeRuns(.ipv4, [])
    ipv6 = FreeRuns(.ipv6, [])
  }

  var obstacle: Obstacle? {
    if !faults.isEmpty { return .faulty }
    if conflict != nil { return .conflicting }
    return pool.isDisabled ? .disabled : nil
  }

  var isGiving: Bool { obstacle == nil }

  /// Whether a Service may have addresses of this pool. One whose selector is faulty takes nothing from
  /// those who have.
  func selects(_ service: Service) -> Bool { requirements?.hold(for: service) ?? true }

  func has(_ family: IPFamily) -> Bool {
    switch family {
    case .ipv4: ranges.ranges.first?.lower.isIPv6 == false
    case .ipv6: ranges.ranges.last?.lower.isIPv6 == true
    }
  }

  var used: UInt128 { usedCounted + usedBeside }
  var available: UInt128 { countedTotal - min(countedTotal, usedCounted) }
  var total: UInt128 {
    let (total, overflow) = available.addingReportingOverflow(used)
    return overflow ? .max : total
  }

  mutating func reopen(_ address: IPAddress) {
    if address.isIPv6 { ipv6.reopen(address) } else { ipv4.reopen(address) }
  }

  mutating func lowest(
    _ family: IPFamily, _ occupancy: Occupancy, reserved: RangeSet
  ) -> IPAddress? {
    switch family {
    case .ipv4: ipv4.lowest(occupancy, reserved: reserved)
    case .ipv6: ipv6.lowest(occupancy, reserved: reserved)
    }
  }
}
