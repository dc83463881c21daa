/// What a session's record tells people of its process; nil is what it does not say.
package struct SessionFacts: Hashable, Sendable {
  package var host: String?
  package var processID: Int32?
  /// The time of day in RFC 3339, as it was written.
  package var since: String?
  /// Of the announcer. Older ones did not write theirs.
  package var version: String?

  package init(
    host: String? = nil, processID: Int32? = nil, since: String? = nil, version: String? = nil
  ) {
    self.host = host
    self.processID = processID
    self.since = since
    self.version = version
  }
}
