package import Cluster
internal import Wire

/// `discovery.k8s.io/v1` EndpointSlice, and `v1beta1`, which servers before 1.21 have instead.
package struct EndpointSliceForm: ObjectForm {
  package static let kind = ClusterObject.Kind.endpointSlice
  package let metadata: Metadata
  private let addressType: String?
  private let endpoints: [Endpoint]?

  private struct Endpoint: Decodable {
    let addresses: [String]?
    let nodeName: String?
    /// `v1beta1` has the node among these.
    let topology: [String: String]?
    let conditions: Conditions?

    struct Conditions: Decodable {
      let ready: Flag?
      let serving: Flag?
      let terminating: Flag?
    }

    /// Unknown is to be taken for ready (API reference, EndpointConditions).
    var isReady: Bool { conditions?.ready?.isOn ?? true }

    /// Whether it serves is said since Kubernetes 1.20; before that only whether it is ready.
    var isDraining: Bool {
      (conditions?.terminating?.isOn ?? false) && (conditions?.serving?.isOn ?? isReady)
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
        families: families,
        endpoints: (endpoints ?? []).map { endpoint in
          .init(node: endpoint.node, isReady: endpoint.isReady, isDraining: endpoint.isDraining)
        }))
  }

  /// The API server demands the type. A file may leave it out; then the addresses say it.
  private var families: [IPFamily] {
    if let addressType, !addressType.isEmpty {
      // `FQDN`: names in the DNS.
      return IPFamily(rawValue: addressType).map { IPFamily.shared([$0]) } ?? []
    }
    let addresses = (endpoints ?? []).lazy.flatMap { $0.addresses ?? [] }
    let named = Set(addresses.compactMap { IPAddress($0) }.map { IPFamily($0) })
    return named.isEmpty ? IPFamily.allCases : IPFamily.allCases.filter(named.contains)
  }
}
