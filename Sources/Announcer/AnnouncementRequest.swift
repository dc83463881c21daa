package import Wire

/// One wish: these addresses shall be announced on these interfaces by these nodes.
package struct AnnouncementRequest: Hashable, Sendable {
  /// Where the wish comes from, for people: `configuration/ingress`.
  package var origin: String
  package var ranges: [IPRange]
  /// Joined by "or"; none at all means every eligible link.
  package var patterns: [InterfacePattern]
  /// A link must match one of these besides; none means no further condition.
  package var narrower: [InterfacePattern]
  /// The nodes that may announce; nil: every node.
  package var nodes: Set<String>?
  /// Why this node may not announce them, where the source of the wish knows; nil where it may.
  package var obstacle: BlockReason?

  package init(
    origin: String, ranges: [IPRange], patterns: [InterfacePattern] = [],
    narrower: [InterfacePattern] = [], nodes: Set<String>? = nil,
    obstacle: BlockReason? = nil
  ) {
    self.origin = origin
    self.ranges = ranges
    self.patterns = patterns
    self.narrower = narrower
    self.nodes = nodes
    self.obstacle = obstacle
  }
}
