internal import Cluster
internal import Wire

extension PoolState {
  /// Whether the two could have an address in common, at a glance.
  func overlapsBounds(of other: PoolState) -> Bool {
    guard let lower = ranges.ranges.first?.lower, let upper = ranges.ranges.last?.upper,
      let otherLower = other.ranges.ranges.first?.lower,
      let otherUpper = other.ranges.ranges.last?.upper
    else { return false }
    return lower <= otherUpper && otherLower <= upper
  }
}

extension LoadBalancerIPPool {
  /// The first block that has an address, as people wrote it.
  func block(with address: IPAddress) -> String {
    blocks.first { $0.range.contains(address) }?.text ?? "\(address)"
  }

  /// Two blocks of the pool that have an address in common, in words; nil: there are none.
  var innerOverlap: String? {
    let sorted = blocks.sorted {
      ($0.range.lower, $0.range.upper) < ($1.range.lower, $1.range.upper)
    }
    guard var widest = sorted.first else { return nil }
    for block in sorted.dropFirst() {
      if block.range.lower <= widest.range.upper,
        block.range.lower.isIPv6 == widest.range.upper.isIPv6
      {
        return "its own blocks \(widest.text) and \(block.text) overlap"
      }
      if block.range.upper > widest.range.upper { widest = block }
    }
    return nil
  }
}
