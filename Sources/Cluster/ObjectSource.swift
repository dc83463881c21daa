/// Where an object was read. The same object in both sources is two objects, whose wishes add up.
package enum ObjectSource: Hashable, Comparable, Sendable {
  /// The API server.
  case kubernetes
  /// Files.
  case manifests
}

/// An object's name within its kind, and where it was read.
package struct ObjectKey: Hashable, Comparable, Sendable {
  package var name: ObjectName
  package var source: ObjectSource

  package init(_ name: ObjectName, _ source: ObjectSource) {
    self.name = name
    self.source = source
  }

  package static func < (left: Self, right: Self) -> Bool {
    (left.name, left.source) < (right.name, right.source)
  }
}
