/// How long an address may go unanswered in the trials of a fault.
package struct GapBounds: Hashable, Sendable {
  /// In every trial.
  package var maximum: Duration
  package var median: Duration?
  package var mean: Duration?

  package init(_ maximum: Duration, median: Duration? = nil, mean: Duration? = nil) {
    self.maximum = maximum
    self.median = median
    self.mean = mean
  }

  /// What of `gaps` is out of bound, in words.
  package func complaints(_ gaps: Distribution) -> [String] {
    func complain(_ name: String, _ value: Duration?, _ bound: Duration?) -> String? {
      guard let value, let bound, value > bound else { return nil }
      return "gap \(name) \(milliseconds(value)) ms, bound \(milliseconds(bound)) ms"
    }
    return [
      complain("maximum", gaps.maximum, maximum), complain("p50", gaps.percentile(50), median),
      complain("mean", gaps.mean, mean),
    ].compactMap { $0 }
  }
}
