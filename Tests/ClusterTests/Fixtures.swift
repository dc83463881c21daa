import Announcer
import Cluster
import Wire

/// A Service of a load balancer.
func service(
  _ name: String, _ addresses: [String] = [], external: [String] = [], labels: Labels = [:],
  class className: String? = nil, isLocal: Bool = false
) -> Service {
  Service(
    ObjectName("default", name), labels: labels, type: "LoadBalancer",
    loadBalancerClass: className, externalIPs: external,
    ingress: addresses.map { Service.Ingress(ip: $0) }, isLocal: isLocal)
}

func policy(
  _ name: String, nodes: LabelSelector? = nil, services: LabelSelector? = nil,
  interfaces: [String] = [], external: Bool = true, loadBalancer: Bool = true
) -> L2AnnouncementPolicy {
  L2AnnouncementPolicy(
    name, nodeSelector: nodes, serviceSelector: services, interfaces: interfaces,
    externalIPs: external, loadBalancerIPs: loadBalancer)
}

func slice(
  _ name: String, of service: String?, families: [IPFamily] = [.ipv4],
  _ endpoints: [(node: String?, isReady: Bool)]
) -> EndpointSlice {
  EndpointSlice(
    ObjectName("default", name), service: service, families: families,
    endpoints: endpoints.map { EndpointSlice.Endpoint(node: $0.node, isReady: $0.isReady) })
}

/// A selection on node-a that knows these objects.
func selection(
  _ objects: [ClusterObject], _ settings: SelectionSettings = SelectionSettings(node: "node-a"),
  from source: ObjectSource = .kubernetes
) -> Selection {
  var selection = Selection(settings)
  for object in objects { selection.update(object, from: source) }
  return selection
}

extension Selection {
  /// What is asked of this node, in words: address, patterns, and the obstacle if there is one.
  var summary: [String] {
    wishes.requests.flatMap { request in
      request.ranges.flatMap { range in
        range.addresses.map { address in
          let patterns = request.narrower.map(\.text).joined(separator: "|")
          return "\(address) [\(patterns)]" + (request.obstacle.map { " \($0)" } ?? "")
        }
      }
    }.sorted()
  }

  /// The one obstacle that an address meets.
  func obstacle(_ address: String) -> BlockReason? {
    let address = IPAddress(address)!
    return wishes.requests.first { $0.ranges.contains { $0.contains(address) } }?.obstacle
  }

  func reasons(_ name: String) -> [ServiceReason]? {
    reasons(ofService: ObjectName("default", name), from: .kubernetes)
  }
}
