/// How long an address may go unanswered in the trials of a fault.
package struct GapBounds: Hashable, Sendable {
  /// In every trial.
  package var maximum: Duration
  package var median: Duration?
  /// Judged from five trials on, and broken where it lies above by more than chance: two standard
  /// errors. When in the life of a session its holder dies is chance alone.
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
      meanComplaint(gaps),
    ].compactMap { $0 }
  }

  private func meanComplaint(_ gaps: Distribution) -> String? {
    guard let bound = mean, let mean = gaps.mean, let error = gaps.standardError, gaps.count >= 5,
      mean > bound + error * 2
    else { return nil }
    return "gap mean \(milliseconds(mean)) ms, bound \(milliseconds(bound)) ms, "
      + "and \(milliseconds(error * 2)) ms for chance"
  }
}
