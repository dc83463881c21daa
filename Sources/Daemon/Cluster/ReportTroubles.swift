internal import Kubernetes
internal import Synchronization

/// What the API server does not let this node write for people: events, and the status of policies. Nothing is announced
/// otherwise for it, so that it is a warning.
final class ReportTroubles: Sendable {
  private let texts = Mutex<[String: String]>([:])
  private let warn: @Sendable ([String]) -> Void

  /// - Parameter warn: told all that stand, whenever they change.
  init(_ warn: @escaping @Sendable ([String]) -> Void) {
    self.warn = warn
  }

  /// - Parameters:
  ///   - what: cannot be done: `events on Services cannot be written`.
  ///   - failure: of the last attempt; nil where it was done. A server that is away is no news here, and neither is
  ///     an object that somebody else has changed.
  func note(_ what: String, _ failure: APIFailure?) {
    if let failure, failure.kind != .refused { return }
    texts.withLock { texts in
      let text = failure.map { "\(what): \($0.text)" }
      guard texts[what] != text else { return }
      texts[what] = text
      warn(texts.values.sorted())
    }
  }
}
