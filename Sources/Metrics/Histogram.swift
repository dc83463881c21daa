/// How often something took how long, in buckets.
package struct Histogram: Hashable, Sendable {
  /// The upper bounds, ascending, without the last, which is infinite.
  package let bounds: [Double]
  /// One more than there are bounds; not cumulative.
  package private(set) var counts: [UInt64]
  package private(set) var sum = 0.0

  package init(bounds: [Double]) {
    precondition(zip(bounds, bounds.dropFirst()).allSatisfy(<), "bounds ascend")
    self.bounds = bounds
    counts = Array(repeating: 0, count: bounds.count + 1)
  }

  package var count: UInt64 { counts.reduce(0, +) }

  package mutating func observe(_ value: Double) {
    // A value that equals a bound belongs below it (`le`).
    let index = bounds.firstIndex { value <= $0 } ?? bounds.count
    counts[index] += 1
    sum += value
  }
}
