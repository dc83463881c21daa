/// Where this process stands in the store.
package enum SessionState: Hashable, Sendable {
  /// Not there yet, or there no more and on its way back.
  case opening
  /// Another live session has this node's name.
  case waiting(for: SessionDescription)
  case open(SessionID)
  /// Closed for good.
  case closed
}
