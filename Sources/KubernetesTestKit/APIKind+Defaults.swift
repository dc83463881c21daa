/// What a server fills in where a client says nothing.
///
/// Source: `pkg/apis/*/v1/defaults.go` of Kubernetes, as far as our clients read it.
extension APIKind {
  func setDefaults(of object: inout JSON) {
    switch plural {
    case "services":
      if object["spec"]["type"] == .null { object["spec"]["type"] = "ClusterIP" }
      if object["spec"]["sessionAffinity"] == .null { object["spec"]["sessionAffinity"] = "None" }
      let type = object["spec"]["type"]
      if ["LoadBalancer", "NodePort"].contains(type),
        object["spec"]["externalTrafficPolicy"] == .null
      {
        object["spec"]["externalTrafficPolicy"] = "Cluster"
      }
      if object["spec"]["ports"] != .null {
        object["spec"]["ports"] = .array(
          object["spec"]["ports"].array.map {
            var port = $0
            if port["protocol"] == .null { port["protocol"] = "TCP" }
            if port["targetPort"] == .null { port["targetPort"] = port["port"] }
            return port
          })
      }
    case "leases":
      for field in ["renewTime", "acquireTime"] {
        guard let text = object["spec"][field].string else { continue }
        object["spec"][field] = .string(Self.inUTC(text))
      }
    case "namespaces": object["status"]["phase"] = "Active"
    default: if let schema { object = schema.completed(object) }
    }
  }
}
