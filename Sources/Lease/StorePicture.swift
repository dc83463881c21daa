package import Wire

/// Everything in the store at one moment, read so that it cannot be older than the question.
package struct StorePicture: Hashable, Sendable {
  /// The live sessions, this node's own among them.
  package var sessions: [SessionDescription]
  /// The claims of live sessions. A claim whose session has ended is free and not listed.
  package var claims: [IPAddress: Holder]

  /// The nodes that shall have addresses next.
  package var preferences: [IPAddress: String]

  package init(
    sessions: [SessionDescription], claims: [IPAddress: Holder],
    preferences: [IPAddress: String] = [:]
  ) {
    self.sessions = sessions
    self.claims = claims
    self.preferences = preferences
  }
}
