package import Cluster

/// `discovery.k8s.io/v1` EndpointSlice, and `v1beta1`, which servers before 1.21 have instead.
package struct EndpointSliceForm: ObjectForm {
  package static let kind = ClusterObject.Kind.endpointSlice
  package let metadata: Metadata
  private let endpoints: [Endpoint]?

  private struct Endpoint: Decodable {
    let nodeName: String?
    /// `v1beta1` has the node among these.
    let topology: [String: String]?
    let conditions: Conditions?

    struct Conditions: Decodable {
      let ready: Flag?
    }

    var node: String? {
      let name = nodeName ?? topology?["kubernetes.io/hostname"]
      return name?.isEmpty == false ? name : nil
    }
  }

  package func object(place: String?) -> ClusterObject {
    .endpointSlice(
      EndpointSlice(
        metadata.namespacedName, service: metadata.labels?["kubernetes.io/service-name"],
        endpoints: (endpoints ?? []).map { endpoint in
          // Unknown is to be taken for ready (API reference, EndpointConditions).
          .init(node: endpoint.node, isReady: endpoint.conditions?.ready?.isOn ?? true)
        }))
  }
}
