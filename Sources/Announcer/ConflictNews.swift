package import Time
package import Wire

/// How much is said of conflicts, whatever the LAN does: a line each for the first few in a minute, and one
/// for all the rest when it is over.
package struct ConflictNews: Sendable {
  /// How long news are summed up.
  package static let interval = Duration.seconds(60)
  /// Lines of their own in that time, about whichever addresses.
  package static let mostLines = 16

  /// What had no line of its own.
  package struct Summary: Hashable, Sendable {
    package var frames: UInt64
    /// In their order; as many as own addresses at most.
    package var addresses: [IPAddress]
    /// Who was heard last, and of what.
    package var latest: ConflictDefence.Record
  }

  private var since = Instant.distantPast
  private var lines = 0
  private var frames: UInt64 = 0
  private var addresses: Set<IPAddress> = []
  private var latest: ConflictDefence.Record?

  package init() {}

  /// Takes note of `count` frames.
  ///
  /// - Parameter isNews: whether it would be worth a line.
  /// - Returns: whether it shall have one.
  package mutating func admits(
    _ address: IPAddress, _ record: ConflictDefence.Record, count: Int, isNews: Bool,
    at now: Instant
  ) -> Bool {
    if latest == nil, since == .distantPast || now - since >= Self.interval {
      (since, lines) = (now, 0)
    }
    if isNews, lines < Self.mostLines {
      lines += 1
      return true
    }
    frames += UInt64(count)
    addresses.insert(address)
    latest = record
    return false
  }

  /// What is to be said of the minute that is over; nil before that, and where everything was said.
  package mutating func takeSummary(at now: Instant) -> Summary? {
    guard let record = latest, now >= nextDue else { return nil }
    defer {
      (since, lines, frames, latest) = (now, 0, 0, nil)
      addresses = []
    }
    return Summary(frames: frames, addresses: addresses.sorted(), latest: record)
  }

  /// When `takeSummary` has something; the distant future where nothing waits.
  package var nextDue: Instant { latest == nil ? .distantFuture : since + Self.interval }
}
