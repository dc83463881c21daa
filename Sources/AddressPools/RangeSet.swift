internal import Cluster
internal import Wire

/// A set of addresses as disjoint runs in order: a /64 is one of them.
struct RangeSet: Hashable, Sendable {
  /// By address, IPv4 first; neighbours are joined.
  private(set) var ranges: [IPRange] = []

  init() {}

  init(_ unordered: [IPRange]) {
    for range in unordered.sorted(by: { ($0.lower, $0.upper) < ($1.lower, $1.upper) }) {
      guard let last = ranges.last, last.lower.isIPv6 == range.lower.isIPv6,
        range.lower <= last.upper || last.upper.number + 1 == range.lower.number
      else {
        ranges.append(range)
        continue
      }
      if range.upper > last.upper, let longer = IPRange(last.lower, range.upper) {
        ranges[ranges.count - 1] = longer
      }
    }
  }

  var isEmpty: Bool { ranges.isEmpty }

  /// How many addresses, at most `UInt128.max`.
  var count: UInt128 {
    ranges.reduce(0) { sum, range in
      let (count, overflow) = sum.addingReportingOverflow(range.count)
      return overflow ? .max : count
    }
  }

  /// The run that an address lies in.
  func range(containing address: IPAddress) -> IPRange? {
    var low = 0
    var high = ranges.count
    while low < high {
      let middle = (low + high) / 2
      if ranges[middle].upper < address { low = middle + 1 } else { high = middle }
    }
    guard low < ranges.count, ranges[low].contains(address) else { return nil }
    return ranges[low]
  }

  func contains(_ address: IPAddress) -> Bool { range(containing: address) != nil }

  /// The lowest address that is in both.
  func firstCommon(with other: RangeSet) -> IPAddress? {
    var mine = 0
    var theirs = 0
    while mine < ranges.count, theirs < other.ranges.count {
      let one = ranges[mine]
      let two = other.ranges[theirs]
      if one.upper < two.lower {
        mine += 1
      } else if two.upper < one.lower {
        theirs += 1
      } else {
        return max(one.lower, two.lower)
      }
    }
    return nil
  }

  /// What is here and not in `other`.
  func subtracting(_ other: RangeSet) -> RangeSet {
    var result = RangeSet()
    var theirs = 0
    for range in ranges {
      while theirs < other.ranges.count, other.ranges[theirs].upper < range.lower { theirs += 1 }
      var position = theirs
      var lower: IPAddress? = range.lower
      while let start = lower, position < other.ranges.count,
        other.ranges[position].lower <= range.upper
      {
        let hole = other.ranges[position]
        if hole.lower > start { result.append(start, hole.lower.number - 1) }
        lower = hole.upper < range.upper ? IPFamily.address(hole.upper.number + 1, as: start) : nil
        position += 1
      }
      if let start = lower { result.append(start, range.upper.number) }
    }
    return result
  }

  private mutating func append(_ lower: IPAddress, _ upper: UInt128) {
    guard let range = IPRange(lower, IPFamily.address(upper, as: lower)) else { return }
    ranges.append(range)
  }
}
