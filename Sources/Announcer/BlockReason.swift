/// Why this node does not compete for an address that is wanted.
package enum BlockReason: Hashable, Sendable {
  /// An operator took the node out (`announcer drain`).
  case drained
  /// Every request for it names other nodes.
  case nodeNotSelected(allowed: [String])
  /// No interface matches, or none of those that do may be used.
  case noInterface([SkippedLink])
  /// Interfaces match, and none of them can carry it now.
  case interfacesDown([SkippedLink])

  /// A link and why it does not serve.
  package struct SkippedLink: Hashable, Sendable {
    package var name: String
    package var reason: SkipReason

    package init(name: String, reason: SkipReason) {
      self.name = name
      self.reason = reason
    }
  }
}

extension BlockReason: CustomStringConvertible {
  package var description: String {
    switch self {
    case .drained: "this node is drained: `announcer undrain` lets it compete again"
    case .nodeNotSelected(let allowed):
      "not for this node: only \(allowed.joined(separator: ", ")) may announce it"
    case .noInterface(let links):
      links.isEmpty
        ? "no interface of this node matches its patterns"
        : "no usable interface: \(Self.list(links))"
    case .interfacesDown(let links): "no interface can carry it now: \(Self.list(links))"
    }
  }

  private static func list(_ links: [SkippedLink]) -> String {
    let shown = links.prefix(3).map { "\($0.name): \($0.reason)" }.joined(separator: "; ")
    return links.count > 3 ? "\(shown); and \(links.count - 3) more" : shown
  }
}
