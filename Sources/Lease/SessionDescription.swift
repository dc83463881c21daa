/// A live session as others see it.
package struct SessionDescription: Hashable, Sendable {
  package let id: SessionID
  /// The node it speaks for.
  package let node: String
  /// What helps a person to find it: `pid 4711 since 2025-01-01T00:00:00Z`. Empty where unknown.
  package let details: String
  /// Nobody renews it and nothing ends it but a person: what they can do stands in `details`.
  package let neverEnds: Bool

  package init(id: SessionID, node: String, details: String = "", neverEnds: Bool = false) {
    self.id = id
    self.node = node
    self.details = details
    self.neverEnds = neverEnds
  }
}

extension SessionDescription: CustomStringConvertible {
  package var description: String {
    "session \(id) of node \(node)\(details.isEmpty ? "" : " (\(details))")"
  }
}
