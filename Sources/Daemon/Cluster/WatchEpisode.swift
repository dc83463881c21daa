/// From the first trouble of the watches until all of them are well: what of it the log has said.
///
/// A connection that breaks is the trouble of each kind, and is said once; so is each right that is missing, whatever
/// was said before.
struct WatchEpisode: Sendable {
  /// Causes that the log has said.
  private var said: Set<String> = []

  /// More causes than that are not said: the kinds and the rights on them are fewer.
  static let limit = 16

  /// - Parameter troubles: all that there are now: `ACTION: CAUSE`.
  /// - Returns: those whose cause is new, and whether all are over.
  mutating func apply(_ troubles: [String]) -> (new: [String], isOver: Bool) {
    guard !troubles.isEmpty else {
      defer { said = [] }
      return ([], !said.isEmpty)
    }
    var new: [String] = []
    for trouble in troubles where said.count < Self.limit {
      if said.insert(Self.cause(of: trouble)).inserted { new.append(trouble) }
    }
    return (new, false)
  }

  /// Without what was tried, and where.
  private static func cause(of trouble: String) -> String {
    guard let colon = trouble.firstRange(of: ": ") else { return trouble }
    return String(trouble[colon.upperBound...])
  }
}
