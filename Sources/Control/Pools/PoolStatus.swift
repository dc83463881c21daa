/// One pool of addresses, `CiliumLoadBalancerIPPool` in the cluster.
package struct PoolStatus: FieldValue {
  @Field package var name: String
  /// As they are given, in their order: `10.80.15.0/28`, `10.80.8.150-10.80.8.159`.
  @Field package var ranges: [String]
  @Field package var state: State
  /// Decimal, as are the next two, because a /64 has more addresses than a JSON number holds exactly.
  /// It is the sum of the next two.
  @Field package var total: String
  /// What the pool could still give.
  @Field package var available: String
  @Field package var used: String
  /// How many Services have addresses from it.
  @Field package var services: Int
  /// The conflict or the fault; nil for none.
  @Field package var reason: String?

  /// A word of the interface; other versions may have others.
  package struct State: RawRepresentable, FieldValue {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }

    package static let active = State(rawValue: "active")
    /// Gives no new addresses (`spec.disabled`).
    package static let disabled = State(rawValue: "disabled")
    /// Gives none either: it overlaps an older pool, or itself.
    package static let conflict = State(rawValue: "conflict")
    /// Gives none either: it cannot be read.
    package static let invalid = State(rawValue: "invalid")
    package static var absent: State { State(rawValue: "unknown") }
  }

  package init(
    name: String, ranges: [String] = [], state: State, total: String = "0",
    available: String = "0", used: String = "0", services: Int = 0, reason: String? = nil
  ) {
    self.name = name
    self.ranges = ranges
    self.state = state
    self.total = total
    self.available = available
    self.used = used
    self.services = services
    self.reason = reason
  }

  package static var absent: Self { Self(name: "", state: .absent) }
}
