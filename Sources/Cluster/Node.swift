/// What matters of a Node (`v1.Node`).
package struct Node: Hashable, Sendable {
  package var name: String
  package var labels: Labels
  /// `spec.unschedulable`: cordoned.
  package var isUnschedulable: Bool
  /// The keys of `spec.taints`.
  package var taints: [String]
  /// The condition `Ready`; nil where nobody reports it.
  package var isReady: Bool?

  package init(
    _ name: String, labels: Labels = [:], isUnschedulable: Bool = false, taints: [String] = [],
    isReady: Bool? = nil
  ) {
    self.name = name
    self.labels = labels
    self.isUnschedulable = isUnschedulable
    self.taints = taints
    self.isReady = isReady
  }

  /// What stands in for a node that no source describes: it has the one label every node has.
  package static func assumed(_ name: String) -> Node {
    Node(name, labels: ["kubernetes.io/hostname": name])
  }
}
