package import Time

/// Decides whether the answering thread looks again at once or sleeps.
///
/// Waking a sleeping thread is most of an answer's latency, so while requests come back to back it
/// pays to look again for a moment. It does harm where the asker waits for the very core that
/// spins: then every spin sees nothing, and the next request comes as soon as the spin has ended.
/// That pattern turns spinning off for a while.
package struct SpinPolicy: Sendable {
  /// Requests closer together than this come back to back.
  package static let backToBack = Duration.microseconds(100)
  /// How long to look again without having seen a request.
  package static let spin = Duration.microseconds(50)
  /// How many requests to answer without spinning after a spin that did harm.
  package static let coldRequests = 64

  private static let backToBackNanoseconds = backToBack.nanoseconds
  private static let spinNanoseconds = spin.nanoseconds

  private var lastAnswer: Int64 = .min / 2
  private var isHot = false
  private var hasMissed = false
  private var cold = 0

  package init() {}

  /// Takes note of answers that left at `now`.
  @inline(__always)
  package mutating func answered(at now: Instant) {
    let isBackToBack = now.nanoseconds &- lastAnswer < Self.backToBackNanoseconds
    if hasMissed && isBackToBack { cold = Self.coldRequests }
    hasMissed = false
    isHot = isBackToBack && cold == 0
    if cold > 0 { cold -= 1 }
    lastAnswer = now.nanoseconds
  }

  /// Whether to look again at `now`, nothing having been there a moment ago.
  @inline(__always)
  package mutating func shouldSpin(at now: Instant) -> Bool {
    guard isHot else { return false }
    if now.nanoseconds &- lastAnswer <= Self.spinNanoseconds { return true }
    isHot = false
    hasMissed = true
    return false
  }
}
