internal import Time

/// A clock of one machine: it runs at a rate of its own, and may stand still for a while.
///
/// Rates are parts per million of true time, in whole numbers, so that a schedule comes out the same on
/// every machine.
struct SimulatedClock {
  private(set) var rate: Int64
  private var trueBase: Moment
  private var base: Int64
  private var isStopped = false

  init(rate: Int64, reading: Int64, at now: Moment) {
    self.rate = rate
    trueBase = now
    base = reading
  }

  func reading(at now: Moment) -> Instant {
    Instant(nanoseconds: isStopped ? base : base + (now - trueBase) * rate / 1_000_000)
  }

  /// The first moment, not before `now`, at which the clock reads at least `instant`; `never` while
  /// it stands still.
  func moment(of instant: Instant, from now: Moment) -> Moment {
    if instant <= reading(at: now) { return now }
    if isStopped || instant == .distantFuture { return .never }
    let ahead = instant.nanoseconds - base
    return trueBase + (ahead * 1_000_000 + rate - 1) / rate
  }

  /// What this clock's `span` is in true time, rounded up.
  func trueSpan(_ span: Int64) -> Int64 { (span * 1_000_000 + rate - 1) / rate }

  mutating func stop(at now: Moment) {
    rebase(at: now)
    isStopped = true
  }

  mutating func start(at now: Moment) {
    rebase(at: now)
    isStopped = false
  }

  /// Another machine's clock takes over, or the frequency was corrected.
  mutating func change(rate: Int64, at now: Moment) {
    rebase(at: now)
    self.rate = rate
  }

  private mutating func rebase(at now: Moment) {
    base = reading(at: now).nanoseconds
    trueBase = now
  }
}
