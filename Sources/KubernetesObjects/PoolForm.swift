package import Cluster

/// `cilium.io` CiliumLoadBalancerIPPool: `blocks`, and `cidrs`, which they were called at first.
package struct PoolForm: ObjectForm {
  package static let kind = ClusterObject.Kind.pool
  package let metadata: Metadata
  private let spec: Spec?
  private let status: Status?

  private struct Spec: Decodable {
    let blocks: [Block]?
    let cidrs: [Block]?
    let serviceSelector: SelectorForm?
    let allowFirstLastIPs: String?
    let disabled: Flag?
  }

  private struct Block: Decodable {
    let cidr: String?
    let start: String?
    let stop: String?

    var block: LoadBalancerIPPool.WrittenBlock {
      if let cidr, !cidr.isEmpty { return .cidr(cidr) }
      return .run(start: start ?? "", stop: stop?.isEmpty == false ? stop : nil)
    }
  }

  private struct Status: Decodable {
    let conditions: [ConditionForm]?
  }

  package func object(place: String?) -> ClusterObject {
    let blocks = (spec?.blocks ?? []) + (spec?.cidrs ?? [])
    var pool = LoadBalancerIPPool(metadata.name ?? "", blocks: blocks.map(\.block))
    pool.serviceSelector = spec?.serviceSelector?.selector
    pool.allowsFirstLast = spec?.allowFirstLastIPs != "No"
    pool.isDisabled = spec?.disabled?.isOn ?? false
    pool.createdAt = metadata.creationTimestamp ?? ""
    pool.generation = metadata.generation ?? 0
    pool.version = metadata.resourceVersion ?? ""
    pool.conditions = (status?.conditions ?? []).map(\.condition)
    return .pool(pool)
  }
}
