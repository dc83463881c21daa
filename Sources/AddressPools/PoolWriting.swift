package import Cluster

/// The conditions that a pool shall have.
package struct PoolWriting: Hashable, Sendable {
  package var pool: String
  /// The version it was decided on.
  package var version: String
  /// All of `status.conditions` as it shall be; one without `lastTransitionTime` wants the time of the write.
  package var conditions: [Condition]
}
