package import Time
package import Wire

/// One request to the store: what, when, and for how long it may take without getting on.
package struct Call: Hashable, Sendable {
  package enum Request: Hashable, Sendable {
    case open(node: String, timeToLive: Duration?)
    case renew(SessionID)
    /// Reads everything, to see what there is or to confirm what is ours.
    case confirmOwnership
    case acquire([IPAddress], SessionID)
    case release([ClaimReference], SessionID)
    case prefer([Preference], SessionID)
    case close(SessionID)
  }

  /// Rises with every call of an election.
  package let number: UInt64
  package let request: Request
  /// The boot clock *before* the request is written; deadlines count from here (lease.md §2.1).
  package let sentAt: Instant
  package let within: Duration
  /// When it last was seen to get on; `within` counts from here.
  package internal(set) var progressAt: Instant

  package init(number: UInt64, request: Request, sentAt: Instant, within: Duration) {
    self.number = number
    self.request = request
    self.sentAt = sentAt
    self.within = within
    progressAt = sentAt
  }
}
