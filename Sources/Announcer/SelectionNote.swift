/// Something about the patterns, rather than about one link, that an operator wants pointed out.
package enum SelectionNote: Hashable, Sendable {
  /// A pattern without anchors matches more than one link; it may have been meant as a name.
  case matchesSeveral(InterfacePattern, names: [String])
  /// A pattern matches no link of this node.
  case matchesNothing(InterfacePattern)
}

extension SelectionNote: CustomStringConvertible {
  package var description: String {
    switch self {
    case .matchesSeveral(let pattern, let names):
      "pattern '\(pattern)' has no anchors and matches \(names.count) interfaces "
        + "(\(Self.list(names))): write ^name$ if one is meant"
    case .matchesNothing(let pattern):
      "pattern '\(pattern)' matches no interface of this node"
    }
  }

  /// A node may have hundreds of container interfaces; the first few names make the point.
  private static func list(_ names: [String]) -> String {
    let shown = names.prefix(6).joined(separator: ", ")
    return names.count > 6 ? "\(shown) and \(names.count - 6) more" : shown
  }
}
