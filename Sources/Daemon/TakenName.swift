internal import Lease
internal import Time

/// This node's name, which another session has in the lease store, and how long this daemon has waited for it.
///
/// A session that a crash left ends within its lease. One that outlasts it is renewed: another daemon has the
/// same name, and waiting does not help.
struct TakenName: Sendable {
  let other: SessionDescription
  /// From then on the other session is certainly alive.
  let certainAt: Instant

  /// - Parameter lease: how long a session lives that nobody renews; nil for a store without expiry, where a session
  ///   ends with its process.
  init(_ other: SessionDescription, since: Instant, lease: Duration?) {
    self.other = other
    // Half a lease more: a store that has just elected a leader lets every session live a little longer.
    certainAt = since + max((lease ?? .zero) * 3 / 2, Self.leastWait)
  }

  /// A process that ends while the next one starts is not worth the louder words.
  private static let leastWait = Duration.seconds(5)

  func isCertain(at now: Instant) -> Bool { now >= certainAt }

  /// One line for people.
  func words(node: String, at now: Instant) -> String {
    let fact = "the name '\(node)' belongs to \(other)"
    // Neither will it end, nor is there another daemon.
    if other.neverEnds { return fact }
    guard isCertain(at: now) else { return "\(fact); waiting for it to end" }
    return "\(fact), which is alive: two daemons have this name; set `node` to another in the "
      + "configuration of one of them, and restart it"
  }
}

/// Whether another session has this node's name, and whether people were told that it is alive.
struct NameWatch: Sendable {
  /// Nil while nobody else has it.
  private(set) var taken: TakenName?
  private var isTold = false

  /// - Parameter lease: how long a session lives that nobody renews.
  mutating func update(_ session: SessionState, lease: Duration?, at now: Instant) {
    guard case .waiting(let other) = session else {
      taken = nil
      return
    }
    guard taken?.other.id != other.id else { return }
    taken = TakenName(other, since: now, lease: lease)
    isTold = false
  }

  /// When to say that the other session is alive; the distant future where there is nothing to say, or it was said.
  var dueAt: Instant {
    guard let taken, !isTold else { return .distantFuture }
    return taken.certainAt
  }

  /// What is to be said now, and is said once; nil where that is nothing.
  mutating func tell(at now: Instant) -> TakenName? {
    guard let taken, !isTold, taken.isCertain(at: now) else { return nil }
    isTold = true
    return taken
  }
}
