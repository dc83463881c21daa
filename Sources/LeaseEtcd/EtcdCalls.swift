internal import FoundationEssentials
internal import Lease
internal import LinuxSystem
internal import Time
internal import Wire

/// What a store's calls share; they are in extensions, by subject.
struct EtcdCalls: Sendable {
  let connection: EtcdConnection
  let keys: EtcdKeys
  let sessions: EtcdSessions
  let news: EtcdNews
  let notes: ClaimNotes

  /// Runs one transaction.
  func transact(
    _ action: String, _ transaction: TransactionRequest, until deadline: Instant
  ) async throws(StoreFailure) -> TransactionAnswer {
    try await connection.perform(action, until: deadline) {
      endpoint async throws(EtcdFailure) -> TransactionAnswer in
      try await connection.post("/v3/kv/txn", transaction, to: endpoint, until: deadline)
    }
  }

  /// The answer to a call for a session that is no more: whoever has it shall know at once.
  func sessionIsOver(_ session: SessionID) -> StoreFailure {
    news.tell([.sessionEnded(session)])
    return StoreFailure(.refused, "session \(session) is over: etcd has no such lease any more")
  }

  /// The time of day in UTC, to the second.
  static func timeOfDay() -> String { Date.now.formatted(.iso8601) }
}
