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

  /// For times from a millisecond to half a minute, in seconds.
  package static var times: Histogram {
    Histogram(bounds: [
      0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
    ])
  }

  package var count: UInt64 { counts.reduce(0, +) }

  package mutating func observe(_ value: Double) {
    // A value that equals a bound belongs below it (`le`).
    let index = bounds.firstIndex { value <= $0 } ?? bounds.count
    counts[index] += 1
    sum += value
  }
}
