package import Announcer

/// What the configuration file and the state of the sources add to the objects.
package struct SelectionSettings: Hashable, Sendable {
  /// This node's name, as the cluster knows it.
  package var node: String
  /// Classes of load balancers that are announced here, besides Services without one.
  package var loadBalancerClasses: Set<String>
  /// The interfaces that may announce at all; a policy's own list narrows it. None: all of them.
  package var interfaces: [InterfacePattern]
  /// In force while there has never been a policy, and none can be hidden in what is not understood. Nil: then
  /// nothing is announced.
  package var defaultPolicy: L2AnnouncementPolicy?
  /// Whether somebody asked for the default policy. Then it is in force also where the kind of policies is
  /// installed and has no objects.
  package var isDefaultPolicyExplicit: Bool
  /// Whether the API server has the policies' kind; nil until it has said so.
  package var hasPolicyKind: Bool?
  /// Whether Nodes are watched, so that one that is not among them does not exist.
  package var knowsAllNodes: Bool

  package init(
    node: String, loadBalancerClasses: Set<String> = [], interfaces: [InterfacePattern] = [],
    defaultPolicy: L2AnnouncementPolicy? = nil, isDefaultPolicyExplicit: Bool = false,
    hasPolicyKind: Bool? = true, knowsAllNodes: Bool = false
  ) {
    self.node = node
    self.loadBalancerClasses = loadBalancerClasses
    self.interfaces = interfaces
    self.defaultPolicy = defaultPolicy
    self.isDefaultPolicyExplicit = isDefaultPolicyExplicit
    self.hasPolicyKind = hasPolicyKind
    self.knowsAllNodes = knowsAllNodes
  }
}
