package import Cluster

/// `cilium.io` CiliumLoadBalancerIPPool: `blocks`, and `cidrs`, which they were called at first.
package struct PoolForm: ObjectForm {
  package static let kind = ClusterObject.Kind.pool
  package let metadata: Metadata
  private let spec: Spec?

  private struct Spec: Decodable {
    let blocks: [Block]?
    let cidrs: [Block]?
  }

  private struct Block: Decodable {
    let cidr: String?
    let start: String?
    let stop: String?

    var block: LoadBalancerIPPool.Block? {
      if let cidr, !cidr.isEmpty { return .cidr(cidr) }
      guard let start, !start.isEmpty else { return nil }
      return .run(start: start, stop: stop?.isEmpty == false ? stop : nil)
    }
  }

  package func object(place: String?) -> ClusterObject {
    let blocks = (spec?.blocks ?? []) + (spec?.cidrs ?? [])
    return .pool(LoadBalancerIPPool(metadata.name ?? "", blocks: blocks.compactMap(\.block)))
  }
}
