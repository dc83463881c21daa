package import Time

/// The next thing to do for an election.
package enum Step: Hashable, Sendable {
  case call(Call)
  /// Nothing before this instant, unless something is reported.
  case wait(until: Instant)
  /// Shut down; there is nothing more to do.
  case finished
}
