internal import Cluster
internal import Wire

/// All pools, how they stand to each other, and how much of them is taken.
struct PoolTable: Sendable {
  /// By name: the order in which addresses are given out.
  private(set) var states: [PoolState] = []
  /// Positions in `states`, the oldest first.
  private var byAge: [Int] = []
  private var positions: [String: Int] = [:]
  private var ipv4Bounds: [Bounds] = []
  private var ipv6Bounds: [Bounds] = []
  private(set) var selectors = SelectorIndex([])
  /// What nobody is given: what settings name, and what no node may announce.
  private(set) var reserved = RangeSet()
  /// Whether some pool may have more addresses than can be read.
  private(set) var hasUnreadableBlocks = false
  /// Changes with everything that a decision may hang on.
  private(set) var generation: UInt64 = 0

  /// A look at these is cheaper than a search in every pool.
  private struct Bounds {
    let lower: UInt128
    let upper: UInt128
    let pool: Int
  }

  /// Takes all pools anew.
  mutating func rebuild(
    _ pools: some Sequence<LoadBalancerIPPool>, reserved: RangeSet, _ occupancy: Occupancy
  ) {
    generation += 1
    self.reserved = reserved
    states = pools.map(PoolState.init).sorted { $0.name < $1.name }
    positions = Dictionary(uniqueKeysWithValues: states.enumerated().map { ($1.name, $0) })
    byAge = states.indices.sorted {
      (states[$0].pool.createdAt, states[$0].name) < (states[$1].pool.createdAt, states[$1].name)
    }
    hasUnreadableBlocks = states.contains { !$0.pool.unreadable.isEmpty }
    selectors = SelectorIndex(states.map(\.requirements))
    settleBounds()
    settleOwnership()
    for address in occupancy.addresses { took(address) }
  }

  func position(_ name: String) -> Int? { positions[name] }

  private mutating func settleBounds() {
    ipv4Bounds = []
    ipv6Bounds = []
    for position in byAge {
      let ranges = states[position].ranges.ranges
      // IPv4 comes first in a set of ranges.
      let border = ranges.firstIndex { $0.lower.isIPv6 } ?? ranges.count
      if border > 0 {
        ipv4Bounds.append(
          Bounds(
            lower: ranges[0].lower.number, upper: ranges[border - 1].upper.number, pool: position))
      }
      if border < ranges.count {
        ipv6Bounds.append(
          Bounds(
            lower: ranges[border].lower.number, upper: ranges[ranges.count - 1].upper.number,
            pool: position))
      }
    }
  }

  /// Who is in conflict with whom, and what counts as whose: of pools that overlap the oldest has it.
  private mutating func settleOwnership() {
    for (age, position) in byAge.enumerated() {
      var own = states[position].ranges
      var texts: [String] = []
      if let text = states[position].pool.innerOverlap { texts.append(text) }
      for older in byAge[..<age] where states[older].overlapsBounds(of: states[position]) {
        guard let address = states[position].ranges.firstCommon(with: states[older].ranges) else {
          continue
        }
        own = own.subtracting(states[older].ranges)
        let mine = states[position].pool.block(with: address)
        let theirs = states[older].pool.block(with: address)
        texts.append("\(mine) overlaps \(theirs) of pool \(states[older].name)")
      }
      states[position].conflict = texts.isEmpty ? nil : BoundedList.text(texts)
      // What its own blocks spare, and what is reserved, is nobody's to give.
      let spared = states[position].ranges.subtracting(RangeSet(states[position].givableRanges))
      states[position].counted = own.subtracting(spared).subtracting(reserved)
      states[position].countedTotal = states[position].counted.count
      if states[position].isGiving {
        states[position].ipv4 = FreeRuns(.ipv4, states[position].givableRanges)
        states[position].ipv6 = FreeRuns(.ipv6, states[position].givableRanges)
      }
    }
  }

  /// The pools that an address lies in, the oldest first.
  func pools(with address: IPAddress) -> [Int] {
    let number = address.number
    return (address.isIPv6 ? ipv6Bounds : ipv4Bounds).filter { bounds in
      bounds.lower <= number && number <= bounds.upper
        && states[bounds.pool].ranges.contains(address)
    }.map(\.pool)
  }

  /// The pool that an address counts in.
  func owner(of address: IPAddress) -> Int? {
    let number = address.number
    for bounds in address.isIPv6 ? ipv6Bounds : ipv4Bounds
    where bounds.lower <= number && number <= bounds.upper {
      if states[bounds.pool].ranges.contains(address) { return bounds.pool }
    }
    return nil
  }

  /// An address that was free is taken.
  mutating func took(_ address: IPAddress) {
    guard let owner = owner(of: address) else { return }
    if states[owner].counted.contains(address) {
      states[owner].usedCounted += 1
    } else {
      states[owner].usedBeside += 1
    }
  }

  /// An address that was taken is free.
  mutating func freed(_ address: IPAddress) {
    guard let owner = owner(of: address) else { return }
    if states[owner].counted.contains(address) {
      states[owner].usedCounted -= 1
    } else {
      states[owner].usedBeside -= 1
    }
    // Pools that give do not overlap: if any of them has it, this one does.
    states[owner].reopen(address)
  }

  /// The lowest free address of a pool.
  mutating func lowest(_ family: IPFamily, of pool: Int, _ occupancy: Occupancy) -> IPAddress? {
    states[pool].lowest(family, occupancy, reserved: reserved)
  }

  /// Whether a pool could give an address, if nobody had it.
  func gives(_ address: IPAddress, from pool: Int) -> Bool {
    states[pool].isGiving && states[pool].counted.contains(address)
  }
}
