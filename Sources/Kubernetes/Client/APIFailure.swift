/// Why a call to the API server came to nothing.
package struct APIFailure: Error, Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    /// Nobody answers there, or the connection broke.
    case unreachable
    case timedOut
    /// Whoever asked does not want it any more.
    case cancelled
    /// The server says that it cannot serve now (5xx).
    case unavailable
    /// 401: it does not know us; 403: we lack a right, which `text` names.
    case refused
    /// The kubeconfig, TLS or a name does not fit.
    case misconfigured
    /// Descriptors, memory, the server's store or a quota are used up.
    case exhausted
    /// It answered what an API server does not answer.
    case unintelligible
    case notFound
    /// 409: somebody else was faster, or the object is there already.
    case conflict
    /// 410: the version asked for is history.
    case gone
    /// 429; `retryAfter` says how long to wait.
    case throttled
    /// 400, 422 and their siblings: the server does not take what we sent.
    case invalid
  }

  package var kind: Kind
  /// HTTP's; nil where there was no answer.
  package var status: Int?
  /// The `reason` of the server's Status object (`AlreadyExists`, `Expired`); empty where it has none.
  package var reason: String
  /// How long the server wants to be left alone, two minutes at most; nil where it says nothing.
  package var retryAfter: Duration?
  /// Whether the server may have done what was asked nevertheless: the answer is lost, not the request.
  package var mayHaveTakenEffect: Bool
  /// One line for people: what was tried, where, and the cause.
  package var text: String

  package init(
    _ kind: Kind, status: Int? = nil, reason: String = "", retryAfter: Duration? = nil,
    mayHaveTakenEffect: Bool = false, text: String
  ) {
    self.kind = kind
    self.status = status
    self.reason = reason
    self.retryAfter = retryAfter
    self.mayHaveTakenEffect = mayHaveTakenEffect
    self.text = text
  }
}

extension APIFailure: CustomStringConvertible {
  package var description: String { text }
}
