/// The answer to a renewal.
package enum Renewal: Hashable, Sendable {
  case renewed
  /// The store has no such session any more.
  case sessionGone
}
