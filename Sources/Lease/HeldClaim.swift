package import Time

/// A claim that this node holds, confirmed by the store.
package struct HeldClaim: Hashable, Sendable {
  package let epoch: Epoch
  /// When the confirmation arrived, on this node's boot clock.
  package let since: Instant

  package init(epoch: Epoch, since: Instant) {
    self.epoch = epoch
    self.since = since
  }
}
