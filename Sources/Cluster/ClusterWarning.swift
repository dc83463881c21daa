package import Wire

/// Something in the cluster's objects that is most likely a slip.
package enum ClusterWarning: Hashable, Sendable {
  /// Addresses of load balancers that are announced and lie in no pool.
  case outsidePools([IPAddress])
  /// Two pools have addresses in common, the first of which is given.
  case poolsOverlap(String, String, IPAddress)
  case unreadableBlocks(pool: String, [String])
  /// A block with host bits.
  case inexactBlock(pool: String, LoadBalancerIPPool.InexactBlock)
  /// What `NodeAddresses` says of a pool.
  case nodesInPool(pool: String, String)
}

extension ClusterWarning: CustomStringConvertible {
  package var description: String {
    switch self {
    case .outsidePools(let addresses):
      addresses.count == 1
        ? "\(addresses[0]) is announced and lies in no CiliumLoadBalancerIPPool"
        : "\(addresses.count) announced addresses lie in no CiliumLoadBalancerIPPool: "
          + Self.list(addresses.map(\.description))
    case .poolsOverlap(let first, let second, let address):
      "the pools \(first) and \(second) overlap: both have \(address)"
    case .unreadableBlocks(let pool, let blocks):
      "pool \(pool) has blocks that cannot be read: \(Self.list(blocks))"
    case .inexactBlock(let pool, let block): "pool \(pool): \(block)"
    case .nodesInPool(let pool, let note): "pool \(pool): \(note)"
    }
  }

  private static func list(_ words: [String]) -> String {
    let shown = words.prefix(5).joined(separator: ", ")
    return words.count > 5 ? "\(shown) and \(words.count - 5) more" : shown
  }
}
