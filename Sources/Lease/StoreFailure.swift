/// Why a store could not do what it was asked; it never means that a claim is lost.
package struct StoreFailure: Error, Hashable, Sendable {
  /// What kind, for counting.
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    /// Nobody answers there.
    case unreachable
    /// No answer in time; what was asked may or may not have happened.
    case timedOut
    /// It answers, but cannot serve now: it has no leader or no quorum.
    case unavailable
    /// The store knows us not, or forbids it.
    case refused
    /// The place named in the configuration cannot serve as a store.
    case misconfigured
    /// Descriptors, disk or quota used up.
    case exhausted
    /// It answered what makes no sense.
    case unintelligible
  }

  package let kind: Kind
  /// One line for people: what was tried, on what, and the cause.
  package let text: String

  package init(_ kind: Kind, _ text: String) {
    self.kind = kind
    self.text = text
  }
}

extension StoreFailure: CustomStringConvertible {
  package var description: String { text }
}
