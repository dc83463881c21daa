internal import Kubernetes
internal import Lease

extension StoreFailure {
  /// What a failure of a call means to the election. That something is not there, was faster or is
  /// history never means that a claim is lost.
  init(_ failure: APIFailure, _ action: String) {
    let kind: Kind =
      switch failure.kind {
      case .unreachable: .unreachable
      case .timedOut, .cancelled: .timedOut
      case .unavailable, .throttled, .conflict, .gone: .unavailable
      case .refused: .refused
      case .misconfigured, .notFound: .misconfigured
      case .exhausted: .exhausted
      case .unintelligible, .invalid: .unintelligible
      }
    self.init(kind, "cannot \(action): \(failure.text)")
  }
}
