package import Wire

/// How a pool stands, for people and for metrics.
package struct PoolReport: Hashable, Sendable {
  package var name: String
  /// Its blocks that can be read, as written, in order.
  package var blocks: [String]
  package var ranges: [IPRange]
  /// What is wrong with it.
  package var faults: [String]
  /// What it has in common with older pools or twice, because of which it gives nothing out; nil: nothing.
  package var conflict: String?
  package var isDisabled: Bool
  /// What people should know of it that keeps it from nothing, a sentence each without its full stop.
  package var notes: [String]
  /// Of pools that overlap the oldest has what they have in common; `total` is `available` and `used`.
  /// `UInt128.max` stands for all addresses of a family.
  package var total: UInt128
  package var available: UInt128
  package var used: UInt128
  /// Services that have an address of it.
  package var services: Int

  /// Whether it gives addresses out.
  package var isGiving: Bool { faults.isEmpty && conflict == nil && !isDisabled }
}
