package import Kubernetes
package import Lease
internal import LinuxSystem
internal import Time
package import Wire

/// The lease store on a Kubernetes API server, as Leases of coordination.k8s.io/v1 in one namespace.
///
/// A session is the Lease `announcer-node-<node>`, renewed; a claim is the Lease `announcer-ip-<address>`,
/// written only when ownership changes, so that the load does not grow with the addresses. One watch
/// serves both. Every write names the version that it changes (lease.md §5.5); `LeaseTable` has the rules.
///
/// The rights it needs in the namespace, on `leases`: get, list, watch, create, patch, delete.
package final class KubernetesLeaseStore: LeaseStore {
  /// Each address is a call of its own: 32 are in flight at a time.
  package static let limits = LeaseLimits(batch: 16, window: 2)
  /// lease.md §5.
  package static let timeToLive = Duration.seconds(6)

  package let changes: AsyncStream<[StoreChange]>
  package let place: String
  private let calls: KubernetesCalls
  private let watch: LeaseWatch

  /// Connects to nothing yet.
  ///
  /// - Parameter notes: what the Leases of claims say of links.
  package init(
    _ client: APIClient, _ options: KubernetesLeaseOptions, notes: ClaimNotes = ClaimNotes()
  ) {
    let table = SharedTable()
    changes = table.changes
    calls = KubernetesCalls(client, namespace: options.namespace, table: table, notes: notes)
    watch = LeaseWatch(calls)
    place = client.access.server.text + calls.path
  }

  deinit { watch.stop() }

  package func open(
    node: String, timeToLive: Duration?, within: Duration
  ) async throws(StoreFailure) -> SessionOpening {
    let timeToLive = timeToLive ?? Self.timeToLive
    watch.start(timeToLive: timeToLive)
    // Others count on a session from the moment they see it: from then on it hears what comes free.
    _ = await calls.table.waitUntilDelivered(1, until: .now + min(within / 2, .milliseconds(500)))
    return try await calls.open(node: node, timeToLive: timeToLive, until: .now + within)
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
    try await calls.read {
      progress()
      return .now + within
    }
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
