/// A point in time on the boot clock: nanoseconds since the machine started, suspend included.
///
/// Every deadline in the program is one of these. The boot clock is the only clock that neither
/// stops in suspend (as CLOCK_MONOTONIC does) nor jumps when somebody sets the time of day; a
/// deadline on any other clock could let two nodes announce one address. The pure targets never
/// read it: they are told what time it is.
///
/// Source: `clock_gettime(2)`, CLOCK_BOOTTIME.
package struct Instant: Hashable, Comparable, Sendable {
  /// Nanoseconds since boot. 2⁶³ ns are 292 years.
  package var nanoseconds: Int64

  package init(nanoseconds: Int64) {
    self.nanoseconds = nanoseconds
  }

  /// Before everything: a gate with this deadline is shut.
  package static let distantPast = Instant(nanoseconds: .min)

  /// After everything: a deadline that never comes (a lock that the kernel keeps has no time limit).
  package static let distantFuture = Instant(nanoseconds: .max)

  package static func < (left: Instant, right: Instant) -> Bool {
    left.nanoseconds < right.nanoseconds
  }

  /// This instant moved by `duration`; stays at the distant past or future instead of overflowing.
  package static func + (instant: Instant, duration: Duration) -> Instant {
    if instant == .distantPast || instant == .distantFuture { return instant }
    let (sum, overflow) = instant.nanoseconds.addingReportingOverflow(duration.nanoseconds)
    if overflow { return duration < .zero ? .distantPast : .distantFuture }
    return Instant(nanoseconds: sum)
  }

  package static func - (instant: Instant, duration: Duration) -> Instant {
    instant + (.zero - duration)
  }

  /// The time from `earlier` to this instant; negative when `earlier` is the later one. Saturates.
  package static func - (instant: Instant, earlier: Instant) -> Duration {
    let (difference, overflow) =
      instant.nanoseconds.subtractingReportingOverflow(earlier.nanoseconds)
    if overflow { return .nanoseconds(instant > earlier ? Int64.max : Int64.min) }
    return .nanoseconds(difference)
  }
}

extension Instant: CustomStringConvertible {
  /// Seconds since boot with millisecond precision, for transcripts: `12.050s`.
  package var description: String {
    if self == .distantPast { return "distant past" }
    if self == .distantFuture { return "distant future" }
    let milliseconds = nanoseconds / 1_000_000
    let fraction = String(abs(milliseconds % 1000))
    let sign = milliseconds < 0 ? "-" : ""
    return
      "\(sign)\(abs(milliseconds / 1000)).\(String(repeating: "0", count: 3 - fraction.count))\(fraction)s"
  }
}
