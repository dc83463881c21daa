/// One node's session in the store.
package struct ClusterNode: FieldValue {
  @Field package var name: String
  /// Nil where it is not known.
  @Field package var session: String?
  @Field package var state: State
  /// Whether this is the node that was asked.
  @Field package var isSelf: Bool
  /// How many addresses the session holds.
  @Field package var claims: Int
  /// The session's TTL; nil where the store has none.
  @Field package var durationMs: Int?
  /// Since its last renewal, at least; nil where the store does not know.
  @Field package var sinceRenewalMs: Int?
  /// Until it ends unless it is renewed, at most; nil where the store does not know.
  @Field package var endsInMs: Int?
  @Field package var host: String?
  @Field package var pid: Int32?
  /// When the session began.
  @Field package var since: WallTime?
  /// Of its announcer.
  @Field package var version: String?
  /// What is wrong with it; nil for nothing.
  @Field package var reason: String?

  /// A word of the interface; other versions may have others.
  package struct State: RawRepresentable, FieldValue {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }

    package static let live = State(rawValue: "live")
    /// It has missed a renewal: its node may be dead.
    package static let overdue = State(rawValue: "overdue")
    /// Its record is gone from the store, and it holds claims for a last while.
    package static let dead = State(rawValue: "dead")
    /// The store was not there to tell.
    package static let unknown = State(rawValue: "unknown")
    package static var absent: State { unknown }
  }

  private enum CodingKeys: String, CodingKey {
    case name, session, state, claims, durationMs, sinceRenewalMs, endsInMs, host, pid, since,
      version
    case reason
    case isSelf = "self"
  }

  package init(
    name: String, session: String? = nil, state: State, isSelf: Bool = false, claims: Int = 0,
    durationMs: Int? = nil, sinceRenewalMs: Int? = nil, endsInMs: Int? = nil, host: String? = nil,
    pid: Int32? = nil, since: WallTime? = nil, version: String? = nil, reason: String? = nil
  ) {
    self.name = name
    self.session = session
    self.state = state
    self.isSelf = isSelf
    self.claims = claims
    self.durationMs = durationMs
    self.sinceRenewalMs = sinceRenewalMs
    self.endsInMs = endsInMs
    self.host = host
    self.pid = pid
    self.since = since
    self.version = version
    self.reason = reason
  }

  package static var absent: Self { Self(name: "", state: .absent) }
}
