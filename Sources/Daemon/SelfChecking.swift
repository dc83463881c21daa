internal import Announcer
internal import Control
internal import Time
internal import Wire

/// Where the daemon's check of itself stands.
struct SelfChecking {
  var check = SelfCheck()
  var dueAt = Instant.distantPast
  /// Questions are being asked from other links.
  var isAsking = false
  /// Gained since the last round.
  var fresh: Set<IPAddress> = []
  /// Lost since the questions were asked: that nobody answers for them says nothing.
  var disturbed: Set<IPAddress> = []
  /// The gate was shut meanwhile: no answer says anything.
  var isVoid = false
  var lastAt: WallTime?
  /// What the program itself would not answer, or does not have armed though it holds it.
  var inside: [String] = []
  /// The sentences of the last round.
  var failures: [String] = []
  var witnesses: [String: String] = [:]

  mutating func disturb() { isVoid = true }
}
