package import Lease
internal import LinuxSystem
internal import Time
package import Wire

/// The lease store on an etcd cluster, 3.4 and later, through its JSON gateway.
///
/// A session is an etcd lease with the key `<prefix>/nodes/<node>`; a claim is the key
/// `<prefix>/claims/<address>` with that lease, made only where there is none; a preference is
/// `<prefix>/preferences/<address>`. Whatever holds the key holds the claim, and etcd deletes all keys
/// of a lease with it. The values are JSON for people; the keys' leases decide.
///
/// Keys that no announcer wrote are left alone and reported as `trouble`. A claim's key that holds
/// something else, or has no lease, is a claim of somebody's whom nobody knows: whoever held the
/// address stops, and nobody takes it until the key is deleted.
package final class EtcdLeaseStore: LeaseStore {
  /// etcd takes 128 operations in a transaction, and counts those of a nested one with those around
  /// it: 126 nested ones leave two each.
  package static let limits = LeaseLimits(batch: 126)

  package let changes: AsyncStream<[StoreChange]>
  private let calls: EtcdCalls
  private let watch: EtcdWatch

  /// Connects to nothing yet, but reads every file; a bad option is a failure whose text is a line for
  /// the start's error message.
  ///
  /// - Parameter notes: what the records of claims say of links.
  package init(_ options: EtcdOptions, notes: ClaimNotes = ClaimNotes()) throws(StoreFailure) {
    let news = EtcdNews()
    changes = news.changes
    calls = EtcdCalls(
      connection: try EtcdConnection(options), keys: try EtcdKeys(prefix: options.prefix),
      sessions: EtcdSessions(), news: news, notes: notes)
    watch = EtcdWatch(calls)
  }

  deinit { watch.stop() }

  /// The endpoint in use.
  package var place: String { calls.connection.endpoints.current.url }

  package func open(
    node: String, timeToLive: Duration?, within: Duration
  ) async throws(StoreFailure) -> SessionOpening {
    watch.start()
    // Others count on a session from the moment they see it: from then on it hears what comes free.
    await watch.waitUntilListening(until: .now + min(within / 2, .milliseconds(500)))
    return try await calls.open(
      node: node, timeToLive: timeToLive ?? .seconds(5), until: .now + within)
  }

  package func renew(
    _ session: SessionID, within: Duration
  ) async throws(StoreFailure) -> Renewal {
    try await calls.renew(session, until: .now + within)
  }

  package func read(within: Duration) async throws(StoreFailure) -> StorePicture {
    try await read(within: within) {}
  }

  package func read(
    within: Duration, progress: @escaping @Sendable () -> Void
  ) async throws(StoreFailure) -> StorePicture {
    try await calls.read(within: within, progress: progress)
  }

  package func survey(within: Duration) async throws(StoreFailure) -> StoreSurvey {
    try await calls.survey(until: .now + within)
  }

  package func acquire(
    _ addresses: [IPAddress], for session: SessionID, within: Duration
  ) async throws(StoreFailure) -> [IPAddress: AcquireAnswer] {
    try await calls.acquire(addresses, for: session, until: .now + within)
  }

  package func release(
    _ claims: [ClaimReference], of session: SessionID, within: Duration
  ) async throws(StoreFailure) {
    try await calls.release(claims, of: session, until: .now + within)
  }

  package func prefer(
    _ preferences: [Preference], by session: SessionID, within: Duration
  ) async throws(StoreFailure) {
    try await calls.prefer(preferences, by: session, until: .now + within)
  }

  package func close(_ session: SessionID, within: Duration) async throws(StoreFailure) {
    try await calls.close(session, until: .now + within)
  }
}
