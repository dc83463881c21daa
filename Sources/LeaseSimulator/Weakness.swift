/// What a shell could do wrong that the pure machines cannot prevent. For the proof that the simulator
/// notices (lease.md §7).
package enum Weakness: String, CaseIterable, Sendable {
  /// The claim is given back first, and the gate closed afterwards.
  case releaseFirst = "release-first"
  /// Deadlines are counted on CLOCK_MONOTONIC, which stands still while the machine sleeps.
  case monotonicClock = "monotonic-clock"
  /// Nobody notices that a virtual machine was stopped.
  case unnoticedPause = "unnoticed-pause"
}
