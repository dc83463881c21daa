/// Who has one address, as the lease store tells it.
package struct ClusterAddress: FieldValue {
  @Field package var address: String
  @Field package var state: State
  /// The node that has it; nil where nobody does.
  @Field package var holder: String?
  @Field package var session: String?
  /// The fencing token of the claim: of two, the greater is the younger.
  @Field package var epoch: UInt64?
  @Field package var since: WallTime?
  /// Where the holder wanted to announce it when it made the claim.
  @Field package var interfaces: [String]
  /// What neighbours learn there.
  @Field package var hardwareAddress: String?
  /// The node that shall have it next.
  @Field package var preferred: String?
  /// Until it is free unless its holder comes back, at most; nil where that is not to be expected.
  @Field package var freeInMs: Int?
  /// What is odd about the claim; nil for nothing.
  @Field package var reason: String?

  /// A word of the interface; other versions may have others.
  package struct State: RawRepresentable, FieldValue {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }

    package static let held = State(rawValue: "held")
    /// The holder's session is overdue or dead.
    package static let expiring = State(rawValue: "expiring")
    /// What no announcer wrote keeps everybody from it.
    package static let foreign = State(rawValue: "foreign")
    /// Nobody has it.
    package static let free = State(rawValue: "free")
    /// Nobody has a claim, and a station that is no node of this store answers for it.
    package static let taken = State(rawValue: "taken")
    /// The store was not there to tell, and nobody was known to have it.
    package static let unknown = State(rawValue: "unknown")
    package static var absent: State { unknown }
  }

  package init(
    address: String, state: State, holder: String? = nil, session: String? = nil,
    epoch: UInt64? = nil, since: WallTime? = nil, interfaces: [String] = [],
    hardwareAddress: String? = nil, preferred: String? = nil, freeInMs: Int? = nil,
    reason: String? = nil
  ) {
    self.address = address
    self.state = state
    self.holder = holder
    self.session = session
    self.epoch = epoch
    self.since = since
    self.interfaces = interfaces
    self.hardwareAddress = hardwareAddress
    self.preferred = preferred
    self.freeInMs = freeInMs
    self.reason = reason
  }

  package static var absent: Self { Self(address: "", state: .absent) }
}
