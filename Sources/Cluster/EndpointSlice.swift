/// What matters of an EndpointSlice (`discovery.k8s.io/v1`): where a Service's endpoints are ready, or still
/// serve.
package struct EndpointSlice: Hashable, Sendable {
  package var name: ObjectName
  /// The label `kubernetes.io/service-name`; nil for a slice that belongs to no Service.
  package var service: String?
  /// The families of address that its endpoints have (`addressType`): one. Both where nobody says it, none
  /// for names in the DNS, to which no address can be forwarded.
  package var families: [IPFamily]
  package var endpoints: [Endpoint]

  package struct Endpoint: Hashable, Sendable {
    /// Nil where the endpoint is not tied to a node, or nobody says to which.
    package var node: String?
    /// Absent means ready (API reference, `EndpointConditions`).
    package var isReady: Bool
    /// Whether it is about to end and still answers (`serving` and `terminating`).
    package var isDraining: Bool

    package init(node: String?, isReady: Bool = true, isDraining: Bool = false) {
      self.node = node
      self.isReady = isReady
      self.isDraining = isDraining
    }
  }

  package init(
    _ name: ObjectName, service: String?, families: [IPFamily] = IPFamily.allCases,
    endpoints: [Endpoint] = []
  ) {
    self.name = name
    self.service = service
    self.families = families
    self.endpoints = endpoints
  }
}
