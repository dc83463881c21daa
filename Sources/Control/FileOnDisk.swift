/// What has become of the configuration file since the daemon loaded it: `configuration.onDisk` of the status.
package struct FileOnDisk: FieldValue {
  @Field package var state: State
  /// When the file was last written; nil where there is none, and where it says what is in force.
  @Field package var changedAt: WallTime?
  /// What a reload would change, or what keeps it from changing anything; a line each.
  @Field package var lines: [String]

  /// A word of the interface; other versions may have others.
  package struct State: RawRepresentable, FieldValue {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }

    /// It says what is in force, in whatever words.
    package static let inForce = State(rawValue: "in-force")
    /// A reload takes it over.
    package static let reload = State(rawValue: "reload")
    /// A reload would refuse it, because of something that only a restart can change.
    package static let restart = State(rawValue: "restart")
    /// A reload would refuse it, because it has errors or cannot be read.
    package static let refused = State(rawValue: "refused")
    package static var absent: State { State(rawValue: "unknown") }
  }

  package init(state: State, changedAt: WallTime? = nil, lines: [String] = []) {
    self.state = state
    self.changedAt = changedAt
    self.lines = lines
  }

  package static var absent: Self { Self(state: .absent) }
}

extension FileOnDisk {
  /// One clause that says what is to be done, without a full stop; nil where nothing is.
  ///
  /// - Parameter file: what to call it.
  package func remedy(for file: String) -> String? {
    let changed = changedAt.map { "\(file) changed on disk at \($0)" } ?? "\(file) changed on disk"
    return switch state {
    case .reload: "\(changed), and is not loaded: systemctl reload announcer"
    case .restart: "\(changed), and needs a restart: systemctl restart announcer"
    case .refused: "\(changed), and a reload would refuse it: announcer check says why"
    default: nil
    }
  }
}
