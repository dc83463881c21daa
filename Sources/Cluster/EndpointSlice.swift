/// What matters of an EndpointSlice (`discovery.k8s.io/v1`): where a Service's endpoints are ready.
package struct EndpointSlice: Hashable, Sendable {
  package var name: ObjectName
  /// The label `kubernetes.io/service-name`; nil for a slice that belongs to no Service.
  package var service: String?
  package var endpoints: [Endpoint]

  package struct Endpoint: Hashable, Sendable {
    /// Nil where the endpoint is not tied to a node, or nobody says to which.
    package var node: String?
    /// Absent means ready (API reference, `EndpointConditions`).
    package var isReady: Bool

    package init(node: String?, isReady: Bool = true) {
      self.node = node
      self.isReady = isReady
    }
  }

  package init(_ name: ObjectName, service: String?, endpoints: [Endpoint] = []) {
    self.name = name
    self.service = service
    self.endpoints = endpoints
  }
}
