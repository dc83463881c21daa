internal import FaultCheckers

/// One thing that goes wrong, and what must hold nevertheless.
struct Fault: Sendable {
  var name: String
  var layout = Layout()
  /// How often it is planted, in the full run and in the quick one; nil for not in the quick one.
  var runs = 3
  var quickRuns: Int?
  var bounds: GapBounds
  /// Whether nobody else may answer from the beginning to the end.
  var keepsOwner = false
  /// Whether exclusion and coverage do not apply (lease.md §2.10).
  var isExempt = false
  /// How long a node may go on after somebody else took its claim away: it has to be told.
  var grace = Duration.zero
  /// How long after the end of the fault everything must be well again.
  var settling = Duration.seconds(5)
  /// Why it is not planted unless asked for; nil for one that is.
  var needsPermission: String?
  /// Plants it once, waits for what follows, and takes it away.
  let act: @Sendable (FaultRun) async throws -> Void
}
