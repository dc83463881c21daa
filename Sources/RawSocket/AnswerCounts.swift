package import Announcer

/// What the wire has seen, as numbers.
package struct AnswerCounts: Hashable, Sendable {
  /// What was sent for one address.
  package struct Address: Hashable, Sendable {
    /// Answers sent since the address was gained here.
    package var answers: UInt64 = 0
    /// Time of day of the last answer in nanoseconds since 1970; nil before the first.
    package var lastAnswerAt: Int64?
    /// Announcement frames sent.
    package var announcements: UInt64 = 0
  }

  /// Frames not answered, by reason.
  package var ignored: [UInt64]
  /// Frames that the kernel dropped because our socket was full.
  package var dropped: UInt64

  package subscript(reason: Reason) -> UInt64 { ignored[Int(reason.rawValue)] }
}
