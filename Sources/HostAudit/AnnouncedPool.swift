package import Announcer
package import Wire

/// Addresses that may be given to Services one day, and announced then.
package struct AnnouncedPool: Hashable, Sendable {
  package let name: String
  package let ranges: [IPRange]
  /// What of them could be given: a pool may spare the first and last address of prefixes.
  package let givable: [IPRange]
  /// What of them is never given, because the cluster knows it as an address of a node.
  package let nodes: Set<IPAddress>
  /// Whether this program gives them; else somebody else does, who may announce in other ways as well.
  package let isGivenHere: Bool

  package init(
    name: String, ranges: [IPRange], givable: [IPRange]? = nil, nodes: Set<IPAddress> = [],
    isGivenHere: Bool = true
  ) {
    self.name = name
    self.ranges = ranges
    self.givable = givable ?? ranges
    self.nodes = nodes
    self.isGivenHere = isGivenHere
  }

  /// Warnings about pools none of whose addresses lies in a subnet of a link that would announce them:
  /// their neighbours would send to the router, and nobody would ever ask.
  ///
  /// Links without any subnet of the family say nothing: a link needs no address of its own.
  ///
  /// - Parameter links: those that announce.
  package static func warnings(_ pools: [AnnouncedPool], on links: [Link]) -> [HostWarning] {
    let subnets = links.flatMap(\.subnets)
    let outside = pools.filter { pool in
      guard pool.isGivenHere else { return false }
      let known = pool.ranges.filter { range in
        subnets.contains { $0.lower.isIPv6 == range.lower.isIPv6 }
      }
      return !known.isEmpty
        && !known.contains { range in subnets.contains { $0.overlaps(range) } }
    }
    let names = links.map(\.name).sorted().joined(separator: ", ")
    return outside.sorted { $0.name < $1.name }.map { pool in
      HostWarning(
        kind: .poolOutside,
        message: "pool \(pool.name) lies in no subnet of \(names): its addresses would be "
          + "announced where nobody asks for them; check its blocks for a typo, or have the router "
          + "route them here")
    } + linkWarnings(pools, on: links)
  }
}

extension IPRange {
  fileprivate func overlaps(_ other: IPRange) -> Bool {
    lower.isIPv6 == other.lower.isIPv6 && lower <= other.upper && other.lower <= upper
  }
}
