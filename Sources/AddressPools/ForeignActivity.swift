package import Cluster
internal import Time

/// Somebody else writes the addresses of a Service that we write as well.
package struct ForeignActivity: Hashable, Sendable {
  package var service: ObjectName
  package var uid: String
  /// What stood there before somebody else wrote last, and what was found then, in words.
  package var wrote: [String]
  package var found: [String]
  /// How often, since this process knows the Service.
  package var count: Int
  /// Whether the Service is left to him for a while.
  package var isLeftAlone: Bool
}

/// What we wrote to a Service, and what became of it.
struct ForeignRecord: Sendable {
  /// What stood there when we knew last.
  var ingress: [Service.Ingress]
  /// What stood there before the last change by others.
  var wrote: [Service.Ingress]
  var found: [Service.Ingress] = []
  var count = 0
  /// When it happened, the last few times.
  var recent: [Instant] = []
}
