import KubernetesTestKit
import Yams

/// Kubernetes objects in a file, as the tests' server takes them.
enum Objects {
  static func read(_ text: String) throws -> [JSON] {
    try Yams.load_all(yaml: text).map(json)
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

  private static func json(_ value: Any) -> JSON {
    switch value {
    case let text as String: .string(text)
    case let flag as Bool: .bool(flag)
    case let number as Int: .int(Int64(number))
    case let list as [Any]: .array(list.map(json))
    case let object as [String: Any]: .object(object.mapValues(json))
    default: .string("\(value)")
    }
  }
}
