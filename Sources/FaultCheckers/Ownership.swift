package import Time
package import Wire

/// A stretch of time in which the store had an address in one node's name.
package struct Ownership: Hashable, Sendable {
  package let address: IPAddress
  package let node: String
  /// The fencing token: greater for every later owner.
  package let epoch: Int64
  /// When its beginning was first seen; it began a little earlier.
  package let from: Instant
  /// When its end was first seen; nil while it lasts.
  package internal(set) var until: Instant?

  package init(
    address: IPAddress, node: String, epoch: Int64, from: Instant, until: Instant? = nil
  ) {
    self.address = address
    self.node = node
    self.epoch = epoch
    self.from = from
    self.until = until
  }
}
