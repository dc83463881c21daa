package import Cluster
package import Wire

/// How a Service that gets its addresses here stands.
package struct ServiceReport: Hashable, Sendable {
  package var service: ObjectName
  package var uid: String
  /// What its status has now.
  package var addresses: [IPAddress]
  /// The families of which it wants an address each.
  package var families: [IPFamily]
  package var requests: [IPAddress]
  /// Whether something about it is yet to be decided or written.
  package var isPending: Bool
  /// Nil where it was never decided.
  package var reason: AllocationReason?
  /// A sentence without its full stop; empty where all is well.
  package var message: String
  /// Whether somebody else keeps changing it, so that it is left to him for a while.
  package var isLeftAlone: Bool

  /// Whether it has what it asks for; what is decided and not yet written does not count.
  package var isSatisfied: Bool { reason == .satisfied && !addresses.isEmpty }

  /// Why it has not, in one word.
  package var trouble: String {
    guard let reason, reason != .satisfied else { return "pending" }
    return reason.rawValue
  }
}
