package import Wire

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
  /// `status.addresses`, without names, in order.
  package var addresses: [IPAddress]

  package init(
    _ name: String, labels: Labels = [:], isUnschedulable: Bool = false, taints: [String] = [],
    isReady: Bool? = nil, addresses: [IPAddress] = []
  ) {
    self.name = name
    self.labels = labels
    self.isUnschedulable = isUnschedulable
    self.taints = taints
    self.isReady = isReady
    self.addresses = addresses
  }

  /// What stands in for this node where no source describes it: it has the labels that it knows of itself.
  package static func assumed(_ name: String) -> Node {
    Node(name, labels: WellKnownLabels.ofThisNode(name))
  }
}
