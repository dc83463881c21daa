/// Something that goes wrong with requests.
package struct Fault: Sendable {
  package enum Effect: Sendable {
    /// 429, with a Retry-After of so many seconds.
    case throttle(retryAfter: Int?)
    /// An answer with this status, and a `Status` object that says little.
    case status(Int)
    /// Something that is no API server answers: a status and an HTML page.
    case page(Int, String)
    /// Taken, and never answered nor done.
    case hang
    /// Done and answered so much later.
    case delay(Duration)
    /// The connection is closed; nothing is done.
    case cut
    /// It is done, and the connection closed in place of an answer.
    case loseAnswer
    /// It is done; the connection is closed after so many octets of the answer's body.
    case truncate(Int)
  }

  package var effect: Effect
  /// nil for all.
  package var verbs: Set<APIVerb>?
  /// `leases`, `services/status`; nil for all, discovery included.
  package var resources: Set<String>?
  /// nil for all.
  package var names: Set<String>?
  /// How many requests it still meets; nil until it is taken away.
  package var times: Int?

  func concerns(_ request: APIRequest) -> Bool {
    (verbs.map { verbs in request.verb.map(verbs.contains) ?? false } ?? true)
      && (resources.map { $0.contains(request.resource) } ?? true)
      && (names.map { $0.contains(request.name) } ?? true)
  }
}

/// An event on its way to a watch.
package struct WatchedEvent: Sendable {
  /// `ADDED`, `MODIFIED` or `DELETED`.
  package let type: String
  /// `leases`.
  package let resource: String
  package let namespace: String
  package let name: String
}
