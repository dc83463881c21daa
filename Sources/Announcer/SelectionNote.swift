/// Something about the patterns, rather than about one link, that an operator wants pointed out.
package enum SelectionNote: Hashable, Sendable {
  /// A pattern without anchors matches more than one link; it may have been meant as a name.
  case matchesSeveral(InterfacePattern, names: [String])
  /// A pattern matches no link of this node, which has the links `among`.
  case matchesNothing(InterfacePattern, among: [String])
  /// Interfaces that announce the same addresses have addresses of one subnet: most likely one LAN.
  case sameSubnet(names: [String], subnet: String)
}

extension SelectionNote {
  /// The pattern that it is about; nil where it is about links.
  package var pattern: InterfacePattern? {
    switch self {
    case .matchesSeveral(let pattern, _), .matchesNothing(let pattern, _): pattern
    case .sameSubnet: nil
    }
  }
}

extension SelectionNote: CustomStringConvertible {
  package var description: String {
    switch self {
    case .matchesSeveral(let pattern, let names):
      "pattern '\(pattern)' has no anchors and matches \(names.count) interfaces "
        + "(\(Self.list(names, atMost: 6))): write ^name$ if one is meant"
    case .matchesNothing(let pattern, let names) where names.isEmpty:
      "pattern '\(pattern)' matches no interface of this node"
    case .matchesNothing(let pattern, let names):
      "pattern '\(pattern)' matches no interface of this node, which has \(Self.list(names, atMost: 12))"
    case .sameSubnet(let names, let subnet):
      "\(names.dropLast().joined(separator: ", ")) and \(names.last ?? "") both have an address in \(subnet): "
        + "if they are on one LAN, neighbours are told several hardware addresses for one address; leave "
        + "one of them to `interfaces`, or make a bond of them"
    }
  }

  /// A node may have hundreds of container interfaces; the first few names make the point.
  private static func list(_ names: [String], atMost limit: Int) -> String {
    let shown = names.prefix(limit).joined(separator: ", ")
    return names.count > limit ? "\(shown) and \(names.count - limit) more" : shown
  }
}
