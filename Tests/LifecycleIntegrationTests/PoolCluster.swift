import FoundationEssentials
import KubernetesTestKit
import LANTestKit

extension Cluster {
  func startGiving(
    _ name: String, lease: String? = nil, more: String = ""
  ) async throws -> Node {
    let kubeconfig = scratch.path("kubeconfig")
    try server.kubeconfig().write(toFile: kubeconfig, atomically: true, encoding: .utf8)
    return try await Node.start(
      on: lan[name], in: scratch,
      Node.Settings(
        name: name, addresses: [],
        extra: "kubernetes: {kubeconfig: \(kubeconfig), addressPools: on}\n\(more)", lease: lease),
      label: name)
  }
}

extension Objects {
  static func pool(_ name: String, _ start: String, _ stop: String) -> String {
    """
    {"apiVersion": "cilium.io/v2", "kind": "CiliumLoadBalancerIPPool",
     "metadata": {"name": "\(name)"}, "spec": {"blocks": [{"start": "\(start)", "stop": "\(stop)"}]}}
    """
  }

  /// A Service that nobody has given an address.
  static func waiting(_ name: String) -> String {
    """
    {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "\(name)", "namespace": "default"},
     "spec": {"type": "LoadBalancer", "ports": [{"port": 80}]}}
    """
  }
}

extension JSON {
  func condition(_ type: String) -> JSON {
    self["status"]["conditions"].array.first { $0["type"].string == type } ?? .null
  }
}

extension APIServer {
  func addresses(_ service: String) -> [String] {
    object("services", "default", service)?["status"]["loadBalancer"]["ingress"].array
      .compactMap(\.["ip"].string) ?? []
  }

  func condition(_ service: String) -> JSON {
    object("services", "default", service)?.condition("cilium.io/IPAMRequestSatisfied") ?? .null
  }

  var allHaveAddresses: Bool {
    objects("services").allSatisfy { !$0["status"]["loadBalancer"]["ingress"].array.isEmpty }
  }

  /// Whether the pool's own status, which is written last of all, says so.
  func quietFor(pools name: String, used: String) -> Bool {
    object("ciliumloadbalancerippools", "", name)?.condition("cilium.io/IPsUsed")["message"].string
      == used
  }
}

/// What `announcer pools --output json` says, read without the program's own types.
struct NodePools: Decodable, Sendable {
  struct Pool: Decodable, Sendable {
    let name: String
    let state: String
    let used: String
    let total: String
  }

  struct Services: Decodable, Sendable {
    let responsible: Int
    let satisfied: Int
    let unsatisfied: [String: Int]
  }

  let state: String
  let holder: String?
  let error: String?
  let pools: [Pool]
  let services: Services
  let foreign: [String]
  let warnings: [String]
}

extension Node {
  func pools() async throws -> NodePools {
    let result = try await client.ask("pools", "--output", "json")
    return try JSONDecoder().decode(NodePools.self, from: Data(result.standardOutput.utf8))
  }
}
