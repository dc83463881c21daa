/// What a request asks for, as a server's own log and its authorization name it.
package enum APIVerb: String, Hashable, Sendable, CaseIterable {
  case get, list, watch, create, update, patch, delete
  case deleteCollection = "deletecollection"
}

/// A request that came, for tests that count them.
package struct APIRequest: Sendable {
  package let method: String
  /// Without the query.
  package let path: String
  package let query: [String: String]
  /// nil for discovery and the like.
  package let verb: APIVerb?
  /// `leases`, `services/status`; empty for discovery and the like.
  package let resource: String
  package let namespace: String
  package let name: String
  package let headers: [String: String]
  package let body: [UInt8]
  package let at: ContinuousClock.Instant
}
