/// What schedules amounted to, summed up.
package struct Statistics: Sendable {
  package var schedules = 0
  package var events = 0
  /// Frames that were sent.
  package var frames = 0
  /// Times at which a frame would have been sent had somebody asked, and was looked at.
  package var probes = 0
  /// Requests that a gate refused.
  package var refusals = 0
  /// Claims that changed hands.
  package var transitions = 0
  package var faults: [String: Int] = [:]
  /// From the end of the faults to every address being answered again, in parts of the TTL; the
  /// longest, and whose.
  package var longestRecovery: (nanoseconds: Int64, seed: UInt64) = (0, 0)

  package init() {}

  package mutating func add(_ other: Statistics) {
    schedules += other.schedules
    events += other.events
    frames += other.frames
    probes += other.probes
    refusals += other.refusals
    transitions += other.transitions
    faults.merge(other.faults, uniquingKeysWith: +)
    if other.longestRecovery.nanoseconds > longestRecovery.nanoseconds
      || other.longestRecovery.nanoseconds == longestRecovery.nanoseconds
        && other.longestRecovery.seed < longestRecovery.seed
    {
      longestRecovery = other.longestRecovery
    }
  }
}
