/// The state of this node's session in the store.
package struct LeaseStatus: FieldValue {
  /// `local`, `etcd`, `kubernetes`.
  @Field package var backend: String
  @Field package var state: State
  /// Until the gate shuts by itself; nil where there is no such time.
  @Field package var deadlineInMs: Int?
  /// How long the last renewal took.
  @Field package var lastRenewalMs: Double?
  /// The session's TTL; nil where the store has none.
  @Field package var durationMs: Int?
  /// The TTL that was asked for: the store may have raised it. Nil where the store has none.
  @Field package var configuredDurationMs: Int?
  /// The store in use: a URL, a directory.
  @Field package var endpoint: String?
  @Field package var error: String?
  @Field package var transitions: LeaseTransitions
  /// What the store could not do since the start, by kind.
  @Field package var errors: [String: UInt64]
  /// Frames that the gate refused since the start, because the deadline had passed or because they had
  /// waited too long; `ignored` has both apart.
  @Field package var refusedByGate: UInt64
  /// Whether addresses are announced past the deadline (`whenStoreIsLost: hold`): nothing then keeps
  /// a node in another part of a split LAN from announcing them too.
  @Field package var holding: Bool

  /// A word of the interface; other versions may have others.
  package struct State: RawRepresentable, FieldValue {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }

    package static let healthy = State(rawValue: "healthy")
    package static let uncertain = State(rawValue: "uncertain")
    package static let lost = State(rawValue: "lost")
    package static let none = State(rawValue: "none")
    package static var absent: State { none }
  }

  package init(
    backend: String, state: State, deadlineInMs: Int? = nil, lastRenewalMs: Double? = nil,
    durationMs: Int? = nil, configuredDurationMs: Int? = nil, endpoint: String? = nil,
    error: String? = nil, transitions: LeaseTransitions = LeaseTransitions(),
    errors: [String: UInt64] = [:], refusedByGate: UInt64 = 0, holding: Bool = false
  ) {
    self.backend = backend
    self.state = state
    self.deadlineInMs = deadlineInMs
    self.lastRenewalMs = lastRenewalMs
    self.durationMs = durationMs
    self.configuredDurationMs = configuredDurationMs
    self.endpoint = endpoint
    self.error = error
    self.transitions = transitions
    self.errors = errors
    self.refusedByGate = refusedByGate
    self.holding = holding
  }

  package static var absent: Self { Self(backend: "", state: .none) }
}
