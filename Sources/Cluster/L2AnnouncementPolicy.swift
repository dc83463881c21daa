/// A `CiliumL2AnnouncementPolicy` (`cilium.io/v2alpha1` and `v2`), as it is written: which addresses
/// of which Services are announced, by which nodes, on which interfaces.
package struct L2AnnouncementPolicy: Hashable, Sendable {
  package var name: String
  /// Nil: every node.
  package var nodeSelector: LabelSelector?
  /// Nil: every Service.
  package var serviceSelector: LabelSelector?
  /// Unanchored regular expressions, joined by "or"; none: every interface that can carry it.
  package var interfaces: [String]
  package var externalIPs: Bool
  package var loadBalancerIPs: Bool
  /// `metadata.generation`, which a condition names as the one it was found in.
  package var generation: Int64
  /// What the policy's status says already.
  package var conditions: [PolicyCondition]
  /// The file and line it was read from; nil where it came from the API server.
  package var place: String?

  package init(
    _ name: String, nodeSelector: LabelSelector? = nil, serviceSelector: LabelSelector? = nil,
    interfaces: [String] = [], externalIPs: Bool = false, loadBalancerIPs: Bool = false,
    generation: Int64 = 0, conditions: [PolicyCondition] = [], place: String? = nil
  ) {
    self.name = name
    self.nodeSelector = nodeSelector
    self.serviceSelector = serviceSelector
    self.interfaces = interfaces
    self.externalIPs = externalIPs
    self.loadBalancerIPs = loadBalancerIPs
    self.generation = generation
    self.conditions = conditions
    self.place = place
  }
}
