package import Wire

/// The one port of the election: a place where sessions live and claims are compared and swapped.
///
/// Nothing above knows which store it is. What a store promises:
/// - A session lasts until it is closed, until the TTL it was granted has passed since the last
///   renewal that the store saw, or (a store without TTL) until its process is gone.
/// - A node's name belongs to one live session at a time. `open` never takes it from another.
/// - A claim belongs to a session and is free once that session has ended. `acquire` takes only
///   what is free, decides atomically, and answers `acquired` again for what the session has.
/// - `changes` begins with the first `open`. Nothing is left out silently: where the watch
///   broke, it says `missed` once it listens again.
/// - A preference lasts until its address is claimed by anybody (the same act that claims it ends it),
///   until whoever wrote it withdraws it, or until that session has ended.
/// - Every call ends within the time it is given, and promptly when its task is cancelled. A failure
///   leaves open whether the request took effect.
package protocol LeaseStore: Sendable {
  /// What happens in the store, several changes at a time. One consumer.
  var changes: AsyncStream<[StoreChange]> { get }

  /// Where it is, for people: a directory, the URL of the endpoint in use. May change.
  var place: String { get }

  /// Begins a session with a new name of its own.
  ///
  /// - Parameters:
  ///   - timeToLive: what to ask for; nil for a store without TTL.
  func open(
    node: String, timeToLive: Duration?, within: Duration
  ) async throws(StoreFailure) -> SessionOpening

  /// Keeps the session for another TTL. Never called on a store without.
  func renew(_ session: SessionID, within: Duration) async throws(StoreFailure) -> Renewal

  /// Reads everything, linearizably: the answer is never older than the question.
  func read(within: Duration) async throws(StoreFailure) -> StorePicture

  /// The same, which may take longer as long as it gets on: `within` bounds the time from one call of `progress` to the
  /// next.
  func read(
    within: Duration, progress: @escaping @Sendable () -> Void
  ) async throws(StoreFailure) -> StorePicture

  /// Reads everything with what is only for people, linearizably. It changes nothing, keeps no renewal
  /// waiting, and needs no session.
  func survey(within: Duration) async throws(StoreFailure) -> StoreSurvey

  /// Claims what is free among `addresses` (at most `LeaseLimits.batch` of them); answers for each.
  func acquire(
    _ addresses: [IPAddress], for session: SessionID, within: Duration
  ) async throws(StoreFailure) -> [IPAddress: AcquireAnswer]

  /// Gives back the claims of this session among `claims`; the others are left alone.
  func release(
    _ claims: [ClaimReference], of session: SessionID, within: Duration
  ) async throws(StoreFailure)

  /// Writes who shall have addresses next (at most `LeaseLimits.batch` of them), over what this
  /// session wrote before. A preference of another live session stays as it is.
  func prefer(
    _ preferences: [Preference], by session: SessionID, within: Duration
  ) async throws(StoreFailure)

  /// Ends the session and gives back all its claims. Succeeds where it has ended before.
  func close(_ session: SessionID, within: Duration) async throws(StoreFailure)
}

extension LeaseStore {
  /// For a store that reads everything at once.
  package func read(
    within: Duration, progress: @escaping @Sendable () -> Void
  ) async throws(StoreFailure) -> StorePicture {
    try await read(within: within)
  }
}
