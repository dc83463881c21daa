internal import Time

/// Why times do not hold together.
package enum LeaseTimingError: Error, Hashable, Sendable {
  case timeToLiveOutOfRange(Duration)
  case clockRateErrorOutOfRange(Double)
  case negative(String, Duration)
  case noRoomForSecondAttempt(needed: Duration, hold: Duration, timeToLive: Duration)
}

extension LeaseTimingError: CustomStringConvertible {
  /// One line with the numbers and what would be right.
  package var description: String {
    switch self {
    case .timeToLiveOutOfRange(let duration):
      "a lease of \(text(duration)) is not between 0 and 600 s"
    case .clockRateErrorOutOfRange(let value):
      "a clock rate error of \(value) is not at least 0 and below 1"
    case .negative(let name, let duration):
      "\(name) is \(text(duration)), which is too small"
    case .noRoomForSecondAttempt(let needed, let hold, let timeToLive):
      "a lease of \(text(timeToLive)) lets its holder send for \(text(hold)) after a renewal, but "
        + "a renewal that fails and its repetition take \(text(needed)): make the lease longer"
    }
  }

  private func text(_ duration: Duration) -> String {
    "\((duration.milliseconds).rounded()) ms".replacing(".0 ms", with: " ms")
  }
}
