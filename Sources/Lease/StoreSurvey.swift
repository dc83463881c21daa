package import Wire

/// Everything in a store with what is only for people: the answer to "who has this address".
///
/// The election never sees it. Unlike a `StorePicture` it lists what stands in nobody's way any more as
/// well as what nobody can read, and says for how long each session has been kept alive.
package struct StoreSurvey: Hashable, Sendable {
  /// The sessions that may have claims, this node's own among them, also those whose own record is gone.
  package var sessions: [SurveyedSession]
  /// The claims that keep others from taking the address.
  package var claims: [IPAddress: SurveyedClaim]
  /// The nodes that shall have addresses next.
  package var preferences: [IPAddress: String]
  /// What stands in the store and is none of the announcers', one line each.
  package var troubles: [String]

  package init(
    sessions: [SurveyedSession] = [], claims: [IPAddress: SurveyedClaim] = [:],
    preferences: [IPAddress: String] = [:], troubles: [String] = []
  ) {
    self.sessions = sessions
    self.claims = claims
    self.preferences = preferences
    self.troubles = troubles
  }
}
