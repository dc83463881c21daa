/// One source of wishes beside the configuration file: files of objects, or an API server.
package struct SourceStatus: FieldValue {
  /// `manifests` or `kubernetes`.
  @Field package var name: String
  /// Where it is: paths, or a URL.
  @Field package var place: String
  @Field package var state: State
  /// How many objects it has, by kind.
  @Field package var objects: [String: Int]
  /// Milliseconds since it last told of anything; nil where it has not, or cannot say.
  @Field package var lastEventMs: Int?
  /// How often it had to be asked anew for everything.
  @Field package var reconnects: Int
  /// What keeps it from being in step; nil where nothing does.
  @Field package var error: String?

  /// A word of the interface; other versions may have others.
  package struct State: RawRepresentable, FieldValue {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }

    /// It has told all it has, and tells of changes.
    package static let synced = State(rawValue: "synced")
    /// It has not told all it has yet: nothing of it is announced before.
    package static let waiting = State(rawValue: "waiting")
    /// What it told last counts; changes are not heard of now.
    package static let failing = State(rawValue: "failing")
    package static var absent: State { State(rawValue: "unknown") }
  }

  package init(
    name: String, place: String, state: State, objects: [String: Int] = [:],
    lastEventMs: Int? = nil, reconnects: Int = 0, error: String? = nil
  ) {
    self.name = name
    self.place = place
    self.state = state
    self.objects = objects
    self.lastEventMs = lastEventMs
    self.reconnects = reconnects
    self.error = error
  }

  package static var absent: Self { Self(name: "", place: "", state: .absent) }
}
