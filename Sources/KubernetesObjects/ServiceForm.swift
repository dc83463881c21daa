package import Cluster

/// `v1.Service`.
package struct ServiceForm: ObjectForm {
  package static let kind = ClusterObject.Kind.service
  package let metadata: Metadata
  private let spec: Spec?
  private let status: Status?

  private struct Spec: Decodable {
    let type: String?
    let loadBalancerClass: String?
    let loadBalancerIP: String?
    let externalIPs: [String]?
    let externalTrafficPolicy: String?
  }

  private struct Status: Decodable {
    let loadBalancer: LoadBalancer?

    struct LoadBalancer: Decodable {
      let ingress: [Ingress]?
    }

    struct Ingress: Decodable {
      let ip: String?
      let hostname: String?
      let ipMode: String?
    }
  }

  package func object(place: String?) -> ClusterObject {
    let ingress = status?.loadBalancer?.ingress ?? []
    return .service(
      Service(
        metadata.namespacedName, uid: metadata.uid ?? "", labels: Labels(metadata.labels ?? [:]),
        type: spec?.type, loadBalancerClass: spec?.loadBalancerClass,
        externalIPs: spec?.externalIPs ?? [],
        ingress: ingress.map { .init(ip: $0.ip, hostname: $0.hostname, ipMode: $0.ipMode) },
        loadBalancerIP: spec?.loadBalancerIP, isLocal: spec?.externalTrafficPolicy == "Local",
        isBeingDeleted: metadata.deletionTimestamp != nil, place: place))
  }
}
