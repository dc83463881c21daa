/// What an object is called among those of its kind. The namespace of a cluster-wide object is empty.
package struct ObjectName: Hashable, Comparable, Sendable {
  package var namespace: String
  package var name: String

  package init(_ namespace: String, _ name: String) {
    self.namespace = namespace
    self.name = name
  }

  package static func < (left: Self, right: Self) -> Bool {
    (left.namespace, left.name) < (right.namespace, right.name)
  }
}

extension ObjectName: CustomStringConvertible {
  package var description: String { namespace.isEmpty ? name : "\(namespace)/\(name)" }
}
