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
    let ipFamilies: [String]?
    let ipFamilyPolicy: String?
    let clusterIP: String?
    let ports: [Port]?
    let selector: [String: String]?

    struct Port: Decodable {
      let port: Int64?
      let `protocol`: String?
    }
  }

  private struct Status: Decodable {
    let loadBalancer: LoadBalancer?
    let conditions: [ConditionForm]?

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
    var service = Service(
      metadata.namespacedName, uid: metadata.uid ?? "", labels: Labels(metadata.labels ?? [:]),
      type: spec?.type, loadBalancerClass: spec?.loadBalancerClass,
      externalIPs: spec?.externalIPs ?? [],
      ingress: ingress.map { .init(ip: $0.ip, hostname: $0.hostname, ipMode: $0.ipMode) },
      loadBalancerIP: spec?.loadBalancerIP, isLocal: spec?.externalTrafficPolicy == "Local",
      isBeingDeleted: metadata.deletionTimestamp != nil, place: place, allocation: allocation)
    // Nobody else's matter: a controller reads them, and answers in the status.
    if place != nil { service.requestedIPs = metadata.annotations?.requests ?? [] }
    return .service(service)
  }

  private var allocation: Service.Allocation {
    var allocation = Service.Allocation()
    allocation.families = families
    allocation.familyPolicy =
      spec?.ipFamilyPolicy.flatMap(Service.FamilyPolicy.init) ?? .singleStack
    let requests = metadata.annotations?.requestsOfPools ?? []
    allocation.requestedIPs = requests.first?.text
    allocation.outvotedIPs = requests.count > 1 ? requests : []
    allocation.createdAt = metadata.creationTimestamp ?? ""
    allocation.version = metadata.resourceVersion ?? ""
    allocation.conditions = (status?.conditions ?? []).map(\.condition)
    guard let key = metadata.annotations?.sharingKey else { return allocation }
    allocation.sharingKey = key
    allocation.sharingNamespaces = metadata.annotations?.sharingNamespaces ?? []
    allocation.ports = (spec?.ports ?? []).map { port in
      Service.Port(UInt16(clamping: port.port ?? 0), port.protocol ?? "TCP")
    }.sorted()
    allocation.podSelector = Labels(spec?.selector ?? [:])
    return allocation
  }

  /// Servers before 1.20 do not say; there the family is the one of the address inside the cluster.
  private var families: [IPFamily] {
    let named = (spec?.ipFamilies ?? []).compactMap(IPFamily.init(rawValue:))
    if !named.isEmpty { return IPFamily.shared(named) }
    return IPFamily.shared([spec?.clusterIP?.contains(":") == true ? .ipv6 : .ipv4])
  }
}
