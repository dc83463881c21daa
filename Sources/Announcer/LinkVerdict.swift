package import Wire

/// What was decided about one link, and why: the row that `status` and `check` print.
package struct LinkVerdict: Hashable, Sendable {
  /// The three states that people see.
  package enum State: String, Hashable, Sendable {
    /// Answers and announces here, in at least one family.
    case active
    /// Chosen, but cannot carry anything right now: stay bound, announce nothing.
    case down
    /// Not used.
    case skipped
  }

  package let link: LinkID
  package let name: String
  package let state: State
  /// Why the link as a whole is down or skipped; nil while it is active.
  package let reason: SkipReason?
  /// Why there is no ARP here; nil where there is. Covers `reason`.
  package let arpReason: SkipReason?
  /// Why there is no neighbour discovery here; nil where there is. Covers `reason`.
  package let ndpReason: SkipReason?
  /// The patterns that match the name, in the order of the configuration.
  package let matchedBy: [InterfacePattern]

  package init(
    link: LinkID, name: String, state: State, reason: SkipReason?, arpReason: SkipReason?,
    ndpReason: SkipReason?, matchedBy: [InterfacePattern]
  ) {
    self.link = link
    self.name = name
    self.state = state
    self.reason = reason
    self.arpReason = arpReason
    self.ndpReason = ndpReason
    self.matchedBy = matchedBy
  }

  /// Whether IPv4 addresses may be answered for and announced here, now.
  package var arp: Bool { arpReason == nil }
  /// Whether IPv6 addresses may be answered for and announced here, now.
  package var ndp: Bool { ndpReason == nil }

  /// Whether this link serves `address` now, that is, its family.
  package func serves(_ address: IPAddress) -> Bool { reason(for: address) == nil }

  /// Why this link does not serve `address`; nil where it does.
  package func reason(for address: IPAddress) -> SkipReason? {
    address.isIPv6 ? ndpReason : arpReason
  }
}
