/// The answer to the wish to open a session.
package enum SessionOpening: Hashable, Sendable {
  /// Open. `granted` is the TTL in force, which may exceed what was asked; nil for a store without.
  case opened(SessionID, granted: Duration?)
  /// The node's name belongs to a live session; it has to end first.
  case nameTaken(by: SessionDescription)
}
