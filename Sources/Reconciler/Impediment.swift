package import Announcer
package import Time

extension Reconciler {
  /// Why the wire could not be programmed, and when to try again (lease.md §2.8).
  package struct Impediment: Hashable, Sendable {
    /// Groups that could not be joined.
    package var memberships: Set<GroupMembership> = []
    /// What the kernel said to the sockets' filters; nil where it took them.
    package var filters: String?
    package var retryAt: Instant
  }
}
