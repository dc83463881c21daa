package import Time

/// How the watch over one kind of objects is doing, for `status`.
package struct KindStanding: Hashable, Sendable {
  /// Nil until the server has said so.
  package var isInstalled: Bool?
  /// The collection's path, by which the version is seen: `/apis/discovery.k8s.io/v1/endpointslices`.
  package var path: String?
  package var objectCount = 0
  /// When an event came last, bookmarks left out.
  package var lastEventAt: Instant?
  /// When all objects were read last.
  package var lastListAt: Instant?
  /// How often the watch began anew, the first time not counted.
  package var reconnections = 0
  package var trouble: String?

  package init() {}
}
