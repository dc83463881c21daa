internal import Time

/// What a fault came to: a row of the report. Times in milliseconds, as JSON has them.
package struct FaultResult: Codable, Hashable, Sendable {
  package enum Verdict: String, Codable, Sendable {
    case held
    case broken
    case skipped
  }

  package struct Gaps: Codable, Hashable, Sendable {
    package let p50: Double
    package let p99: Double
    package let mean: Double
    package let max: Double

    package init?(_ gaps: Distribution) {
      guard let p50 = gaps.percentile(50), let p99 = gaps.percentile(99), let mean = gaps.mean,
        let max = gaps.maximum
      else { return nil }
      self.p50 = p50.milliseconds
      self.p99 = p99.milliseconds
      self.mean = mean.milliseconds
      self.max = max.milliseconds
    }
  }

  package let fault: String
  /// T, the session's time to live.
  package let leaseMs: Double
  package var verdict: Verdict
  package var runs = 0
  package var gapMs: Gaps?
  package var boundMs: Double?
  /// Nil where the fault is exempt from exclusion (lease.md §2.10) or nothing was checked.
  package var overlapMs: Double?
  /// Frames outside their node's ownership; nil as `overlapMs`.
  package var uncovered: Int?
  /// How much earlier than its sighting in the store an ownership may have begun.
  package var toleranceMs: Double?
  /// Why the verdict is not `held`.
  package var complaints: [String] = []
  /// Figures and circumstances worth knowing.
  package var notes: [String] = []
  /// The directory with what was recorded; nil where all is well.
  package var evidence: String?
  package var seconds = 0.0

  package init(fault: String, leaseMs: Double, verdict: Verdict) {
    self.fault = fault
    self.leaseMs = leaseMs
    self.verdict = verdict
  }
}
