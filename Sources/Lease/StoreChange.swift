package import Wire

/// News from a store's watch. May repeat itself, and may arrive before or after the answer to a
/// call that it overlaps; epochs tell what is older.
package enum StoreChange: Hashable, Sendable {
  case sessionOpened(SessionDescription)
  /// The session is over: closed, expired or revoked. For candidates this is the moment from which
  /// its claims may be taken; the store says `freed` for each of them too.
  case sessionEnded(SessionID)
  case claimed(IPAddress, Holder)
  /// The claim with this epoch is no more; nil where the store cannot tell which it was.
  case freed(IPAddress, Epoch?)
  /// The node that shall have the address next; nil when there is none any more.
  case preferred(IPAddress, node: String?)
  /// The watch missed something: read everything again.
  case missed
  /// The store was put back from a backup, so that its history goes on from there: epochs and sessions
  /// from before mean nothing, and are given anew.
  case restored
  /// Something is wrong that stops nothing (nil: no longer).
  case trouble(StoreFailure?)
}
