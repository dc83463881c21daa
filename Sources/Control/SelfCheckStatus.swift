/// Whether this node's addresses are answered for as they should be.
package struct SelfCheckStatus: FieldValue {
  @Field package var state: State
  /// When it was last known; nil before the first round.
  @Field package var lastAt: WallTime?
  /// The interfaces whose addresses are asked for from another interface, and from which.
  @Field package var witnesses: [String: String]
  /// Sentences for people; empty unless it failed.
  @Field package var failures: [String]

  /// A word of the interface; other versions may have others.
  package struct State: RawRepresentable, FieldValue {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }

    package static let passed = State(rawValue: "passed")
    package static let failed = State(rawValue: "failed")
    /// No round is through yet.
    package static let pending = State(rawValue: "pending")
    /// `selfCheck.interval` is `0s`.
    package static let off = State(rawValue: "off")
    package static var absent: State { State(rawValue: "unknown") }
  }

  package init(
    state: State, lastAt: WallTime? = nil, witnesses: [String: String] = [:],
    failures: [String] = []
  ) {
    self.state = state
    self.lastAt = lastAt
    self.witnesses = witnesses
    self.failures = failures
  }

  package static var absent: Self { Self(state: .absent) }
}

/// Its lines in `announcer status`.
extension StatusText {
  var selfCheck: [String] {
    let check = status.selfCheck
    if check.state == .failed {
      return check.failures.enumerated().flatMap { index, failure in
        item(index == 0 ? "check" : "", failure, tone: .bad)
      }
    }
    guard check.state == .passed, let lastAt = check.lastAt else { return [] }
    var text = "passed \(TextLayout.age(of: lastAt, at: now)) ago"
    let witnesses = check.witnesses.sorted { $0.key < $1.key }
    if !witnesses.isEmpty {
      text += ": " + witnesses.map { "\($0.key) asked from \($0.value)" }.joined(separator: ", ")
    }
    return item("check", text)
  }
}
