internal import Cluster
internal import Wire

/// Where the lowest free address of one family is in a pool that gives addresses out.
///
/// A mark in each run says that everything before it is taken, so that ten thousand addresses are found
/// in ten thousand steps, and a /64 is no different from a /28. An address that becomes free moves
/// the mark back.
struct FreeRuns: Sendable {
  private struct Run {
    let lower: UInt128
    let upper: UInt128
    /// Everything before is taken; nil: all of it is.
    var next: UInt128?
  }

  private let family: IPFamily
  /// In the order of the blocks.
  private var runs: [Run] = []
  /// The runs' positions, by their addresses. They are disjoint: who overlaps gives nothing out.
  private var byAddress: [Int] = []
  /// The runs before this one have nothing free.
  private var open = 0

  init(_ family: IPFamily, _ ranges: [IPRange]) {
    self.family = family
    runs = ranges.filter { IPFamily($0.lower) == family }.map { range in
      Run(lower: range.lower.number, upper: range.upper.number, next: range.lower.number)
    }
    byAddress = runs.indices.sorted { runs[$0].lower < runs[$1].lower }
  }

  /// The lowest address of the first run that has one, neither occupied nor in `reserved`.
  mutating func lowest(_ occupancy: Occupancy, reserved: RangeSet) -> IPAddress? {
    while open < runs.count {
      while let number = runs[open].next {
        let address = family.address(number)
        if let range = reserved.range(containing: address) {
          pass(range.upper.number)
        } else if occupancy.isTaken(address) {
          pass(number)
        } else {
          return address
        }
      }
      open += 1
    }
    return nil
  }

  /// Nothing is free up to and with `number`.
  private mutating func pass(_ number: UInt128) {
    runs[open].next = number < runs[open].upper ? number + 1 : nil
  }

  /// Something has become free.
  mutating func reopen(_ address: IPAddress) {
    let number = address.number
    var low = 0
    var high = byAddress.count
    while low < high {
      let middle = (low + high) / 2
      if runs[byAddress[middle]].upper < number { low = middle + 1 } else { high = middle }
    }
    guard low < byAddress.count else { return }
    let run = byAddress[low]
    guard runs[run].lower <= number else { return }
    if runs[run].next.map({ number < $0 }) ?? true { runs[run].next = number }
    open = min(open, run)
  }
}
