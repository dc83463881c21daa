/// When a gained address is announced, and how densely (wire.md §3.2).
package struct AnnouncementSchedule: Hashable, Sendable {
  /// Offsets of the rounds from the moment the gate opened, ascending. Rounds more than a second
  /// apart exist because older kernels ignore a change within a second of the last.
  package var rounds: [Duration]
  /// Time from the last round to the next, for as long as the address is held: switches forget a
  /// port after 300 s, routers keep entries for 20 minutes. Zero turns it off.
  package var refresh: Duration
  /// Least time between two frames on a link, so that a thousand addresses do not overrun the
  /// CPU queue of a switch.
  package var spacing: Duration

  package init(
    rounds: [Duration] = Self.defaultRounds, refresh: Duration = .seconds(60),
    spacing: Duration = .milliseconds(1)
  ) {
    self.rounds = rounds
    self.refresh = refresh
    self.spacing = spacing
  }

  package static let defaultRounds: [Duration] = [
    .zero, .milliseconds(50), .milliseconds(200), .milliseconds(500), .milliseconds(1100),
    .milliseconds(2200), .seconds(5),
  ]
}
