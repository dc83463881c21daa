package import Time
package import Wire

/// One planting of a fault: from before it until everything is well again, and what must hold then.
package struct Trial: Sendable {
  /// A time in which somebody must not be heard.
  package struct Silence: Hashable, Sendable {
    /// Who must be silent; nil for everybody.
    package let station: MACAddress?
    /// About which address; nil for every one.
    package let address: IPAddress?
    package let from: Instant
    package let until: Instant
    /// Why, in words.
    package let reason: String

    package init(
      station: MACAddress?, address: IPAddress? = nil, from: Instant, until: Instant,
      reason: String
    ) {
      self.station = station
      self.address = address
      self.from = from
      self.until = until
      self.reason = reason
    }
  }

  package let start: Instant
  package let end: Instant
  package let addresses: [IPAddress]
  package var silences: [Silence]
  /// Whether whoever answers first must be who answers last, with nobody else in between.
  package var keepsOwner: Bool

  package init(
    start: Instant, end: Instant, addresses: [IPAddress], silences: [Silence] = [],
    keepsOwner: Bool = false
  ) {
    self.start = start
    self.end = end
    self.addresses = addresses
    self.silences = silences
    self.keepsOwner = keepsOwner
  }
}
