/// Why the control socket cannot be served or asked, in one line for people.
package struct ControlFailure: Error, Hashable {
  package enum Kind: Hashable, Sendable {
    /// Nobody serves the socket.
    case notRunning
    /// Another process serves it.
    case served
    /// This user may not ask.
    case denied
    /// No answer in time.
    case silent
    /// What answers is no announcer, or one of a version that cannot be understood.
    case garbled
    /// The daemon answered that it cannot.
    case refused
    /// Something at the path or in the system stands in the way.
    case obstructed
  }

  package let kind: Kind
  /// Without a full stop, without a line break.
  package let description: String

  package init(_ kind: Kind, _ description: String) {
    self.kind = kind
    self.description = printable(description)
  }
}

extension ControlFailure: CustomStringConvertible {}
