package import Announcer

/// Looks at the node's own kernel and processes for what spoils announcing, and never changes any
/// of it.
///
/// Run at start and when a link comes: settings change seldom, and reading them takes a millisecond
/// or so for each link.
package struct HostAudit: Sendable {
  private let reader: HostFactsReader

  /// - Parameter root: the root of a proc file system.
  package init(root: String = "/proc") {
    reader = HostFactsReader(root: root)
  }

  /// - Parameters:
  ///   - links: all links of the node, with their addresses.
  ///   - announced: the addresses and the links that they are, or would be, announced on.
  ///   - proxies: the kernel's proxy neighbour entries.
  /// - Returns: at most one warning for each kind and link, links by index.
  package func warnings(
    links: [Link], announced: [AnnouncedAddress], proxies: [NeighborProxy] = []
  ) -> [HostWarning] {
    var indices: Set<Int32> = []
    for entry in announced { indices.formUnion(entry.links) }
    let names = links.filter { indices.contains($0.id.index) }.map(\.name)
    guard !names.isEmpty else { return [] }
    return HostJudgement(
      links: links, announced: announced,
      facts: reader.read(linkNames: names, proxies: proxies)
    ).warnings
  }
}
