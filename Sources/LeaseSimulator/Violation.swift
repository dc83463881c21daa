/// What must not happen did.
package struct Violation: Hashable, Sendable {
  /// The invariants of lease.md §7, and the rule for stale requests of §2.5.
  package enum Invariant: String, Sendable {
    /// No frame asserts an address that another has.
    case exclusion = "I1"
    /// Frames come only from whoever has the claim.
    case coverage = "I2"
    /// Epochs of successive owners rise.
    case order = "I3"
    /// In the end every address is answered by exactly one.
    case liveness = "I4"
    /// In the end everybody agrees, and nothing is left over.
    case convergence = "I5"
    /// No request is answered that is old, or from before the gate opened.
    case freshness = "§2.5"
  }

  package let invariant: Invariant
  package let at: Moment
  /// `node-b answers 10.0.0.3: node-a has had it since 11.980 s`.
  package let text: String
}
