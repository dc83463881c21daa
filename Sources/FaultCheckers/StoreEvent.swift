package import Time
package import Wire

/// One change under the prefix of the store, and the earliest instant at which a watcher saw it.
package struct StoreEvent: Hashable, Sendable {
  /// What changed. Whose a claim is follows from the lease that it is attached to, never from its
  /// value: a value is for people, and may be garbage.
  package enum Change: Hashable, Sendable {
    /// A node's key was put: this lease is the node's session.
    case session(node: String, lease: Int64)
    case sessionEnded(node: String)
    /// A claim was put. `epoch` is the key's create revision, the fencing token (lease.md §1.4).
    case claim(IPAddress, lease: Int64, epoch: Int64)
    case released(IPAddress)
  }

  /// The store's revision (etcd `mod_revision`); several changes may share one.
  package let revision: Int64
  package let seen: Instant
  package let change: Change

  package init(revision: Int64, seen: Instant, change: Change) {
    self.revision = revision
    self.seen = seen
    self.change = change
  }
}
