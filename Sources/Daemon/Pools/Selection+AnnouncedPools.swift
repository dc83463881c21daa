internal import Cluster
internal import HostAudit

extension Selection {
  /// The pools as the audit looks at them.
  ///
  /// - Parameter isGivenHere: whether this program gives their addresses, or somebody else does.
  func announcedPools(isGivenHere: Bool) -> [AnnouncedPool] {
    let pools = Array(loadBalancerPools)
    guard !pools.isEmpty else { return [] }
    let nodes = nodeAddresses
    return pools.map { pool in
      AnnouncedPool(
        name: pool.name, ranges: pool.ranges, givable: pool.isDisabled ? [] : pool.givableRanges,
        nodes: Set(nodes.inside(pool).map(\.address)), isGivenHere: isGivenHere)
    }
  }
}
