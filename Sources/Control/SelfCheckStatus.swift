/// Whether this node's addresses are answered for as they should be.
package struct SelfCheckStatus: FieldValue {
  @Field package var state: State
  /// When it was last known; nil before the first round.
  @Field package var lastAt: WallTime?
  /// The interfaces whose addresses are asked for from another interface, and from which.
  @Field package var witnesses: [String: String]
  /// The interfaces about which nobody could be asked, and why.
  @Field package var unchecked: [String: String]
  /// Why it is unchecked or contested; nil in every other state.
  @Field package var reason: String?
  /// Sentences for people; empty unless it failed.
  @Field package var failures: [String]

  /// A word of the interface; other versions may have others.
  package struct State: RawRepresentable, FieldValue {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }

    /// Asked from outside, and answered as it should be.
    package static let passed = State(rawValue: "passed")
    /// Nobody could be asked from outside; `reason` says why.
    package static let unchecked = State(rawValue: "unchecked")
    /// Another station claims an address that is announced here, heard within the last minute.
    package static let contested = State(rawValue: "contested")
    package static let failed = State(rawValue: "failed")
    /// No round is through yet.
    package static let pending = State(rawValue: "pending")
    /// `selfCheck.interval` is `0s`.
    package static let off = State(rawValue: "off")
    package static var absent: State { State(rawValue: "unknown") }
  }

  package init(
    state: State, lastAt: WallTime? = nil, witnesses: [String: String] = [:],
    unchecked: [String: String] = [:], reason: String? = nil, failures: [String] = []
  ) {
    self.state = state
    self.lastAt = lastAt
    self.witnesses = witnesses
    self.unchecked = unchecked
    self.reason = reason
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
        item(index == 0 ? "self-check" : "", failure, tone: .bad)
      }
    }
    if check.state == .contested {
      return item("self-check", "contested: \(check.reason ?? "see below")", tone: .bad)
    }
    if check.state == .unchecked {
      return item(
        "self-check", "not checked: \(check.reason ?? "no reason is given")", tone: .quiet)
    }
    guard check.state == .passed, let lastAt = check.lastAt else { return [] }
    var text = "passed \(TextLayout.age(of: lastAt, at: now)) ago"
    let witnesses = check.witnesses.sorted { $0.key < $1.key }
    if !witnesses.isEmpty {
      text += ": " + witnesses.map { "\($0.key) asked from \($0.value)" }.joined(separator: ", ")
    }
    // Of these nothing is known, though others have passed.
    let others = check.unchecked.sorted { $0.key < $1.key }.map { "\($0.key) (\($0.value))" }
    if !others.isEmpty { text += "; not checked: \(others.joined(separator: ", "))" }
    return item("self-check", text)
  }
}
