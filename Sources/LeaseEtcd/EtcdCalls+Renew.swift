internal import FoundationEssentials
internal import HTTPTransport
internal import Lease
internal import LinuxSystem
internal import Time

extension EtcdCalls {
  /// Renews the lease, and makes sure that whoever renewed it was the cluster's leader (lease.md §4.3).
  ///
  /// Keep-alives do not go through consensus: the leader answers them out of its memory, and one that
  /// was deposed and does not know it yet (it was frozen, or is cut off from the others) confirms a
  /// renewal of which its successor knows nothing. The lease then ends while its holder believes
  /// itself safe. So a keep-alive counts only together with a linearizable read, made after it on the
  /// same endpoint, which a leader answers only once a quorum has confirmed that it leads:
  ///
  /// - The answering member was in one term before the keep-alive (its latest answer), at it, and at
  ///   the read after it; it therefore followed one leader throughout, since a term has one at most.
  /// - That leader led at the read, so it led when it handled the keep-alive, which came before.
  ///
  /// Where the terms differ, an election took place: the next attempt, made at once, normally succeeds.
  /// The read also tells whether the node's key is still there with our lease; without it nobody
  /// else knows of the session, whatever the lease says.
  func renew(
    _ session: SessionID, until deadline: Instant
  ) async throws(StoreFailure) -> Renewal {
    guard let lease = session.lease, let own = sessions[lease] else { return .sessionGone }
    return try await connection.perform("renew the session", until: deadline) {
      endpoint async throws(EtcdFailure) -> Renewal in
      var attempts = 0
      while true {
        if let renewal = try await attempt(lease, own, on: endpoint, until: deadline) {
          return renewal
        }
        attempts += 1
        guard attempts > 2 else { continue }
        // Something else than an election: not in a tight loop.
        try? await BootTimer.sleep(for: .milliseconds(10))
        guard Instant.now < deadline, !Task.isCancelled else {
          throw EtcdFailure(
            .timedOut, "\(attempts) renewals were confirmed, none by a leader that led throughout")
        }
      }
    }
  }

  /// One keep-alive and its proof; nil where they do not belong together.
  private func attempt(
    _ lease: Int64, _ own: EtcdSessions.Own, on endpoint: EtcdEndpoint, until deadline: Instant
  ) async throws(EtcdFailure) -> Renewal? {
    let before = connection.standing(of: endpoint)
    let keepAlive: KeepAliveAnswer = try await connection.post(
      "/v3/lease/keepalive", LeaseRequest(lease: lease), to: endpoint, lane: .renewals,
      until: deadline)
    let range: RangeAnswer = try await connection.post(
      "/v3/kv/range", RangeRequest(key: keys.node(own.node)), to: endpoint, lane: .renewals,
      until: deadline)
    guard range.keyValues?.first?.lease == lease else { return .sessionGone }
    guard let renewed = keepAlive.result, renewed.lease == lease else {
      throw EtcdFailure(.unintelligible, "it confirmed the renewal of another lease")
    }
    // A leader that has not heard of the lease yet, or one that leads no more: the key lives.
    guard renewed.timeToLive != 0 else { return nil }
    guard renewed.timeToLive == own.timeToLive else {
      throw EtcdFailure(
        .unintelligible,
        "it renewed the lease for \(renewed.timeToLive) s and had granted \(own.timeToLive) s")
    }
    let standings = [keepAlive.header, range.header].map { header in
      header.map { EtcdConnection.Standing(member: $0.member, term: $0.term) }
    }
    return standings.allSatisfy { $0 == before && $0 != nil } ? .renewed : nil
  }
}
