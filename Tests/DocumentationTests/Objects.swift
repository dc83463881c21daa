import KubernetesTestKit

/// Kubernetes objects in a file, as the tests' server takes them.
enum Objects {
  static func read(_ text: String) throws -> [JSON] {
    try JSON.documents(yaml: text)
  }

  /// With the address that its annotation asks for, as a cluster's address management would give it.
  static func withAddress(_ object: JSON) -> JSON {
    guard object["kind"].string == "Service", object["spec"]["type"].string == "LoadBalancer",
      case .object(let annotations) = object["metadata"]["annotations"],
      let wish = annotations.first(where: {
        $0.key.hasSuffix("/ips") || $0.key.hasSuffix("/loadBalancerIPs")
      })?.value.string
    else { return object }
    var new = object
    let addresses = wish.split(separator: ",").map { JSON.object(["ip": .string(String($0))]) }
    new["status"] = .object(["loadBalancer": .object(["ingress": .array(addresses)])])
    return new
  }
}
