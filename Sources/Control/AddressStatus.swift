/// What this node does about one address.
package struct AddressStatus: FieldValue {
  @Field package var address: String
  @Field package var state: State
  /// The node that holds it; nil where nobody does or nobody knows.
  @Field package var holder: String?
  /// When it came into this state.
  @Field package var since: WallTime?
  /// The interfaces it is announced on here.
  @Field package var interfaces: [String]
  /// Who wants it: `configuration/ingress`.
  @Field package var origins: [String]
  /// Why it is blocked; nil otherwise.
  @Field package var reason: String?
  /// Requests answered since the start.
  @Field package var answers: UInt64
  @Field package var lastAnswerAt: WallTime?
  /// Gratuitous frames sent since the start.
  @Field package var announcements: UInt64
  @Field package var conflict: ConflictStatus?

  /// A word of the interface; other versions may have others.
  package struct State: RawRepresentable, FieldValue {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }

    /// This node answers.
    package static let announcing = State(rawValue: "announcing")
    /// Another node holds it.
    package static let standby = State(rawValue: "standby")
    /// A candidate, and nobody holds it yet.
    package static let waiting = State(rawValue: "waiting")
    /// Wanted, but this node may not or cannot.
    package static let blocked = State(rawValue: "blocked")
    package static var absent: State { State(rawValue: "unknown") }
  }

  package init(
    address: String, state: State, holder: String? = nil, since: WallTime? = nil,
    interfaces: [String] = [], origins: [String] = [], reason: String? = nil, answers: UInt64 = 0,
    lastAnswerAt: WallTime? = nil, announcements: UInt64 = 0, conflict: ConflictStatus? = nil
  ) {
    self.address = address
    self.state = state
    self.holder = holder
    self.since = since
    self.interfaces = interfaces
    self.origins = origins
    self.reason = reason
    self.answers = answers
    self.lastAnswerAt = lastAnswerAt
    self.announcements = announcements
    self.conflict = conflict
  }

  package static var absent: Self { Self(address: "", state: .absent) }
}
