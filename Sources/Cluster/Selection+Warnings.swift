internal import Wire

extension Selection {
  /// What is worth pointing out about pools. Nothing where there are none: a cluster need not have any.
  package var warnings: [ClusterWarning] {
    guard !pools.isEmpty else { return [] }
    let blocks = pools.flatMap { key, pool in pool.ranges.map { Block(pool: key, range: $0) } }
      .sorted {
        ($0.range.lower, $0.range.upper, $0.pool) < ($1.range.lower, $1.range.upper, $1.pool)
      }
    let unreadable = pools.filter { !$0.value.unreadable.isEmpty }.sorted { $0.key < $1.key }
      .map {
        ClusterWarning.unreadableBlocks(pool: $0.key.name.name, $0.value.unreadable.map(\.text))
      }
    let inexact = pools.sorted { $0.key < $1.key }.flatMap { key, pool in
      pool.inexact.map { ClusterWarning.inexactBlock(pool: key.name.name, $0) }
    }
    let nodes = nodeAddresses
    let ofNodes = pools.sorted { $0.key < $1.key }.compactMap { key, pool in
      nodes.note(on: pool).map { ClusterWarning.nodesInPool(pool: key.name.name, $0) }
    }
    return outsidePools(blocks) + Self.overlaps(blocks) + unreadable + inexact + ofNodes
  }

  /// The addresses of all nodes that are known.
  package var nodeAddresses: NodeAddresses {
    let known = Array(nodes.values) + [rememberedNode].compactMap(\.self)
    return NodeAddresses(
      Dictionary(known.map { ($0.name, $0.addresses) }, uniquingKeysWith: +))
  }

  private struct Block {
    let pool: ObjectKey
    let range: IPRange
  }

  private func outsidePools(_ blocks: [Block]) -> [ClusterWarning] {
    var announced: Set<IPAddress> = []
    for entry in services.values {
      for wish in entry.decision.wishes where wish.isLoadBalancer { announced.insert(wish.address) }
    }
    let outside = announced.sorted().filter { address in
      !blocks.contains { $0.range.contains(address) }
    }
    return outside.isEmpty ? [] : [.outsidePools(outside)]
  }

  /// One warning for each pair of pools. The blocks come by their first address, so that each has to be
  /// held only against those that begin before it ends.
  private static func overlaps(_ blocks: [Block]) -> [ClusterWarning] {
    struct Pair: Hashable {
      let first: ObjectKey
      let second: ObjectKey
    }
    var pairs: Set<Pair> = []
    var warnings: [ClusterWarning] = []
    for (position, block) in blocks.enumerated() {
      for later in blocks[(position + 1)...] {
        guard later.range.lower <= block.range.upper else { break }
        guard later.pool != block.pool else { continue }
        let pair = Pair(first: min(block.pool, later.pool), second: max(block.pool, later.pool))
        guard pairs.insert(pair).inserted else { continue }
        warnings.append(
          .poolsOverlap(pair.first.name.name, pair.second.name.name, later.range.lower))
      }
    }
    return warnings
  }
}
