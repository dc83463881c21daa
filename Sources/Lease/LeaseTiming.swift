internal import Time

/// The times of a session with TTL, which hold together or cannot be built.
///
/// A holder is safe when it stops before anybody may take over, and useful when one lost renewal
/// does not stop it. Both at once need
///
///     renewal + 2 × attempt < T × (1 − ρ) / (1 + ρ) − ε
///
/// that is: after a renewal that timed out, a second one still fits before the gate shuts
/// (lease.md §3.2).
package struct LeaseTiming: Hashable, Sendable {
  /// `T`: how long the store keeps the session after a renewal.
  package let timeToLive: Duration
  /// `ρ`: bound on the rate error of this node's clock and of the store's; 0.1 is 10 %.
  package let clockRateError: Double
  /// `ε`: time from the check of the gate to the wire.
  package let gateToWire: Duration
  /// From the send of one confirmed renewal to the send of the next: T/4, but of a short lease a little
  /// more, up to 650 ms. A session that dies is half an interval old on average, and etcd looks for
  /// expired ones every 500 ms: so an address is answered again after T on average.
  package let renewalInterval: Duration
  /// How long one renewal may take before the next is tried: T/5.
  package let attemptTimeout: Duration
  /// How long after the send of a confirmed renewal this node may send: T·(1−ρ)/(1+ρ) − ε.
  package let hold: Duration

  /// Builds the times for a TTL, or says which rule they break.
  ///
  /// - Parameters:
  ///   - renewalInterval: default T/4; up to 650 ms and 0.325 T where that is more.
  ///   - attemptTimeout: default T/5.
  package init(
    timeToLive: Duration, clockRateError: Double = 0.1, gateToWire: Duration = .milliseconds(50),
    renewalInterval: Duration? = nil, attemptTimeout: Duration? = nil
  ) throws(LeaseTimingError) {
    guard timeToLive > .zero, timeToLive <= .seconds(600) else {
      throw LeaseTimingError.timeToLiveOutOfRange(timeToLive)
    }
    guard clockRateError >= 0, clockRateError < 1 else {
      throw LeaseTimingError.clockRateErrorOutOfRange(clockRateError)
    }
    guard gateToWire >= .zero else { throw LeaseTimingError.negative("ε", gateToWire) }
    let renewal = renewalInterval ?? Self.renewalInterval(for: timeToLive)
    let attempt = attemptTimeout ?? timeToLive / 5
    guard renewal > .zero else { throw LeaseTimingError.negative("renewal", renewal) }
    guard attempt > .zero else { throw LeaseTimingError.negative("attempt", attempt) }
    let fraction = (1 - clockRateError) / (1 + clockRateError)
    let safe = Duration.nanoseconds(
      Int64((Double(timeToLive.nanoseconds) * fraction).rounded(.down)))
    let hold = safe - gateToWire
    guard renewal + attempt * 2 < hold else {
      throw LeaseTimingError.noRoomForSecondAttempt(
        needed: renewal + attempt * 2, hold: hold, timeToLive: timeToLive)
    }
    self.timeToLive = timeToLive
    self.clockRateError = clockRateError
    self.gateToWire = gateToWire
    self.renewalInterval = renewal
    self.attemptTimeout = attempt
    self.hold = hold
  }

  private static func renewalInterval(for timeToLive: Duration) -> Duration {
    max(timeToLive / 4, min(timeToLive * 13 / 40, .milliseconds(650)))
  }

  /// The same rules for the TTL that the store granted instead (etcd raises one below its minimum).
  package func granted(_ timeToLive: Duration) throws(LeaseTimingError) -> LeaseTiming {
    if timeToLive == self.timeToLive { return self }
    return try LeaseTiming(
      timeToLive: timeToLive, clockRateError: clockRateError, gateToWire: gateToWire)
  }

  /// How long everything but a renewal may take: T/2, since nothing waits for its answer but itself.
  package var callTimeout: Duration { timeToLive / 2 }

  /// A loop that wakes this much late has stalled: T/10, far above scheduling noise and far below
  /// what the deadline covers.
  package var stallLimit: Duration { timeToLive / 10 }
}
