package import Cluster
package import Wire

/// The status that a Service shall have.
package struct ServiceWriting: Hashable, Sendable {
  package var service: ObjectName
  package var uid: String
  /// The version it was decided on.
  package var version: String
  /// `status.loadBalancer.ingress` as it shall be.
  package var ingress: [Service.Ingress]
  /// All of `status.conditions` as it shall be; one without `lastTransitionTime` wants the time of the write.
  package var conditions: [Condition]
  package var change: Change

  /// What people should hear of it.
  package struct Change: Hashable, Sendable {
    package var gained: [IPAddress] = []
    package var released: [Release] = []
    /// Nil where the Service is none of ours any more.
    package var reason: AllocationReason?
    /// A sentence without its full stop; may be empty where all is well.
    package var message = ""

    package var lost: [IPAddress] { released.map(\.address) }
  }
}
