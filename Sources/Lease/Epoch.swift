/// The fencing token of a claim: successive owners of one address have rising epochs.
///
/// It tells a late message about an earlier owner from news about the present one. etcd: the key's
/// `create_revision`. Kubernetes: the `resourceVersion` of the acquiring write. Embedded: the boot
/// clock under the lock.
package struct Epoch: Hashable, Comparable, Sendable {
  package let number: UInt64

  package init(_ number: UInt64) {
    self.number = number
  }

  /// Of a claim that is held, but whose record cannot be read (yet).
  package static let unknown = Epoch(0)

  package static func < (left: Self, right: Self) -> Bool { left.number < right.number }
}

extension Epoch: CustomStringConvertible {
  package var description: String { String(number) }
}
