/// An interface that a pattern matches, or that the rules passed over.
package struct InterfaceStatus: FieldValue {
  @Field package var name: String
  /// The kernel's index.
  @Field package var index: Int32
  @Field package var hardwareAddress: String?
  @Field package var state: State
  /// The patterns that match the name.
  @Field package var matchedBy: [String]
  /// Why it is down or skipped; nil where it is active.
  @Field package var reason: String?

  /// A word of the interface; other versions may have others.
  package struct State: RawRepresentable, FieldValue {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }

    package static let active = State(rawValue: "active")
    package static let down = State(rawValue: "down")
    package static let skipped = State(rawValue: "skipped")
    package static var absent: State { State(rawValue: "unknown") }
  }

  package init(
    name: String, index: Int32, hardwareAddress: String? = nil, state: State,
    matchedBy: [String] = [], reason: String? = nil
  ) {
    self.name = name
    self.index = index
    self.hardwareAddress = hardwareAddress
    self.state = state
    self.matchedBy = matchedBy
    self.reason = reason
  }

  package static var absent: Self { Self(name: "", index: 0, state: .absent) }
}
