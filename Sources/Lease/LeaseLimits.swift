/// How much is asked of a store at once.
package struct LeaseLimits: Hashable, Sendable {
  /// Addresses in one acquisition or release; etcd takes 128 operations in a transaction.
  package let batch: Int
  /// Acquisitions (and releases) in flight at the same time.
  package let window: Int

  package init(batch: Int = 128, window: Int = 8) {
    precondition(batch > 0 && window > 0, "an election asks for at least one address at a time")
    self.batch = batch
    self.window = window
  }
}
