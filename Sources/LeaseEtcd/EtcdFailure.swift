internal import Lease

/// Why a call to one endpoint came to nothing, and what that means for the next attempt.
struct EtcdFailure: Error {
  /// Answers of etcd's that a caller acts upon.
  enum Meaning: Hashable {
    case leaseNotFound
    /// The revision asked for is history.
    case compacted
    /// The token is unknown (any more), or there was none where one is needed.
    case tokenRefused
    case authenticationIsOff
    /// The connection ended under the call: an idle one that the server had closed, perhaps.
    case connectionClosed
    /// The answer has more octets than an answer may have.
    case answerTooLong
    /// Whoever asked does not want it any more.
    case cancelled
    case other
  }

  var kind: StoreFailure.Kind
  /// The cause, to follow "what was tried, and where".
  var cause: String
  var meaning = Meaning.other

  init(_ kind: StoreFailure.Kind, _ cause: String, meaning: Meaning = .other) {
    self.kind = kind
    self.cause = cause
    self.meaning = meaning
  }

  /// Whether another endpoint may do better: the fault lies with this one or the way to it.
  var speaksAgainstEndpoint: Bool {
    switch kind {
    case .unreachable, .unavailable, .unintelligible, .misconfigured: true
    case .timedOut: meaning != .cancelled
    case .refused, .exhausted: false
    }
  }

  /// One line for people.
  func failure(of action: String, on endpoint: EtcdEndpoint) -> StoreFailure {
    // The likeliest cause where it does so always.
    let question =
      meaning == .connectionClosed ? "; does it speak \(endpoint.isSecure ? "https" : "http")?" : ""
    return StoreFailure(kind, "cannot \(action) on \(endpoint.url): \(cause)\(question)")
  }
}
