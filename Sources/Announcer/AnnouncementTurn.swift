package import Time

/// What may be sent before the caller has to look at everything else that it has heard: some milliseconds' worth.
///
/// On hundreds of links the next frame is due before the last has left. Without an end, a caller that sends would do
/// nothing else.
package struct AnnouncementTurn {
  /// Steps in one turn, however many are due.
  static let longest = 128

  private var left = Self.longest

  package init() {}

  /// The planner's next step; nil where the turn is over.
  package mutating func next(
    of planner: inout AnnouncementPlanner, at now: Instant
  ) -> AnnouncementPlanner.Step? {
    guard left > 0 else { return nil }
    left -= 1
    return planner.next(at: now)
  }
}
