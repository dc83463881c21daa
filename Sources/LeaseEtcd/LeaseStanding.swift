/// How long a lease of etcd's lasts.
struct LeaseStanding: Hashable, Sendable {
  /// The TTL it was granted; nil for a lease that is no more.
  let granted: Duration?
  /// When it ends at the latest unless it is renewed.
  let endsWithin: Duration

  /// - Parameter answer: etcd counts whole seconds down, and rounds them off: "4" is anything up to 5.
  ///   -1 is a lease that has ended; its keys go with it within half a second.
  init(_ answer: LeaseStandingAnswer) {
    guard answer.timeToLive >= 0, answer.granted > 0 else {
      granted = nil
      endsWithin = .zero
      return
    }
    granted = .seconds(answer.granted)
    endsWithin = .seconds(min(answer.timeToLive + 1, answer.granted))
  }
}
