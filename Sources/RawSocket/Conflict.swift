package import Time
package import Wire

/// A foreign station that asserts an address of ours, and how often it was heard.
package struct Conflict: Hashable, Sendable {
  package var address: IPAddress
  package var hardwareAddress: MACAddress
  package var interfaceIndex: Int32
  /// Frames since this conflict was last taken; of a crowd of claimants, those of all that are not told apart.
  package var count: Int
  package var lastSeenAt: Instant
}
