internal import Time

/// How many lines of a kind the log gets: one each while they are few, and one for all the rest of an interval. Lines
/// about thousands of addresses help nobody, and push out of the log what does.
struct LineAllowance<Kind: Hashable & Sendable, Detail: Sendable>: Sendable {
  /// How long the rest is counted before it has its line.
  static var interval: Duration { .seconds(10) }
  /// Lines of their own in that time, for each kind.
  static var mostLines: Int { 16 }

  /// What had no line of its own.
  struct Rest: Sendable {
    var kind: Kind
    var count: Int
    /// What the last of them would have said.
    var latest: Detail
  }

  private struct State {
    var since: Instant
    var lines = 0
    var rest: Rest?
  }

  private var states: [Kind: State] = [:]

  /// Takes note of `count` things that would be one line.
  ///
  /// - Returns: whether it shall be written.
  mutating func admits(_ kind: Kind, count: Int = 1, _ detail: Detail, at now: Instant) -> Bool {
    var state = states[kind] ?? State(since: now)
    defer { states[kind] = state }
    if state.rest == nil, now - state.since >= Self.interval { state = State(since: now) }
    if state.rest == nil, state.lines < Self.mostLines {
      state.lines += 1
      return true
    }
    state.rest = Rest(kind: kind, count: (state.rest?.count ?? 0) + count, latest: detail)
    return false
  }

  /// What is to be said of the intervals that are over.
  ///
  /// - Parameter all: of the others as well.
  mutating func takeRests(at now: Instant, all: Bool = false) -> [Rest] {
    var rests: [Rest] = []
    for (kind, state) in states {
      guard let rest = state.rest, all || state.since + Self.interval <= now else { continue }
      rests.append(rest)
      states[kind] = State(since: now)
    }
    return rests
  }

  /// When `takeRests` has something; the distant future where nothing waits.
  var nextDue: Instant {
    states.values.lazy.filter { $0.rest != nil }.map { $0.since + Self.interval }.min()
      ?? .distantFuture
  }
}
