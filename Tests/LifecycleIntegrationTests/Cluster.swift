import FoundationEssentials
import KubernetesTestKit
import LANTestKit
import Testing

/// An API server on a LAN with two nodes and a client.
struct Cluster {
  let lan: LAN
  let scratch: Scratch
  let server: APIServer

  /// Starts the daemon on a node, with the cluster as its source.
  ///
  /// - Parameter extra: whole further lines of YAML.
  func start(_ name: String, extra: String = "") async throws -> Node {
    let kubeconfig = scratch.path("kubeconfig")
    try server.kubeconfig().write(toFile: kubeconfig, atomically: true, encoding: .utf8)
    return try await Node.start(
      on: lan[name], in: scratch,
      Node.Settings(
        name: name, addresses: [], extra: "kubernetes: {kubeconfig: \(kubeconfig)}\n\(extra)"),
      label: name)
  }
}

/// Makes the LAN and the server, with both nodes as objects.
func withCluster(
  kinds: [APIKind] = APIServer.Options().kinds, _ body: (Cluster) async throws -> Void
) async throws {
  try await withLAN(["node-a", "node-b", "client", "api"]) { lan, scratch in
    try await lan["api"].addAddress("10.80.0.9/16")
    for (number, name) in ["node-a", "node-b"].enumerated() {
      try await lan[name].addAddress("10.80.0.\(number + 1)/16")
    }
    var options = APIServer.Options()
    options.kinds = kinds
    options.socket = try await lan["api"].inNamespace { try BoundSocket(reachedAs: "10.80.0.9") }
    let server = try await APIServer.start(options)
    for name in ["node-a", "node-b"] { try server.put(Objects.node(name)) }
    try await body(Cluster(lan: lan, scratch: scratch, server: server))
  }
}

/// Objects as people write them.
enum Objects {
  static func node(
    _ name: String, labels: [String: String] = [:], isCordoned: Bool = false,
    addresses: [String] = []
  ) -> String {
    """
    {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "\(name)", "labels": {\(pairs(labels))}},
     "spec": {"unschedulable": \(isCordoned)},
     "status": {"conditions": [{"type": "Ready", "status": "True"}], "addresses": [
       \(addresses.map { "{\"type\": \"InternalIP\", \"address\": \"\($0)\"}" }.joined(separator: ","))]}}
    """
  }

  static func service(
    _ name: String, _ address: String, local: Bool = false, labels: [String: String] = [:]
  ) -> String {
    """
    {"apiVersion": "v1", "kind": "Service",
     "metadata": {"name": "\(name)", "namespace": "default", "labels": {\(pairs(labels))}},
     "spec": {"type": "LoadBalancer", "externalTrafficPolicy": "\(local ? "Local" : "Cluster")",
              "ports": [{"port": 80}]},
     "status": {"loadBalancer": {"ingress": [{"ip": "\(address)"}]}}}
    """
  }

  static func slice(_ service: String, on node: String) -> String {
    """
    {"apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "addressType": "IPv4",
     "metadata": {"name": "\(service)-1", "namespace": "default",
                  "labels": {"kubernetes.io/service-name": "\(service)"}},
     "endpoints": [{"addresses": ["10.1.0.1"], "nodeName": "\(node)",
                    "conditions": {"ready": true}}]}
    """
  }

  static func policy(
    _ name: String = "lan", interfaces: String = "lan0", selecting labels: [String: String] = [:]
  ) -> String {
    """
    {"apiVersion": "cilium.io/v2alpha1", "kind": "CiliumL2AnnouncementPolicy",
     "metadata": {"name": "\(name)"},
     "spec": {"loadBalancerIPs": true, "externalIPs": true, "interfaces": ["\(interfaces)"],
              "serviceSelector": {"matchLabels": {\(pairs(labels))}}}}
    """
  }

  private static func pairs(_ labels: [String: String]) -> String {
    labels.map { "\"\($0)\": \"\($1)\"" }.joined(separator: ", ")
  }
}
