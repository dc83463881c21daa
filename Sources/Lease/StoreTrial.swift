/// What one place of a store said when it was tried, for `announcer check --store`. Nothing was written for it.
package struct StoreTrial: Sendable {
  /// An endpoint, a directory.
  package var place: String
  /// What it is and what may be done there, in a few words; or what a daemon's log would say.
  package var outcome: Result<String, StoreFailure>
  /// From the first octet that was sent to the last that came.
  package var took: Duration
  /// The nodes that have a session there.
  package var nodes: [String]

  package init(
    place: String, outcome: Result<String, StoreFailure>, took: Duration, nodes: [String] = []
  ) {
    self.place = place
    self.outcome = outcome
    self.took = took
    self.nodes = nodes
  }
}
