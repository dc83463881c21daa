/// How long to wait before the next attempt: doubled each time, and spread by chance, since what broke
/// one watch broke those of all nodes at the same moment.
package struct BackOff: Sendable {
  private let shortest: Duration
  private let longest: Duration
  private var pause: Duration

  package init(_ bounds: ClosedRange<Duration>) {
    shortest = bounds.lowerBound
    longest = bounds.upperBound
    pause = bounds.lowerBound
  }

  /// What was tried has lasted: the next failure is a first one.
  package mutating func reset() { pause = shortest }

  /// From half to one and a half of a pause that doubles with each call.
  package mutating func next() -> Duration {
    defer { pause = min(pause * 2, longest) }
    return pause * Double.random(in: 0.5...1.5)
  }
}
