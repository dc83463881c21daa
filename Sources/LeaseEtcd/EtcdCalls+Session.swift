internal import FoundationEssentials
internal import Glibc
internal import Lease
internal import LinuxSystem
internal import Time

extension EtcdCalls {
  /// Grants a lease and puts the node's key with it, where nobody has the name.
  func open(
    node: String, timeToLive: Duration, until deadline: Instant
  ) async throws(StoreFailure) -> SessionOpening {
    connection.forgetCluster()
    await revokeOrphans(until: deadline)
    let seconds = max((timeToLive.nanoseconds + 999_999_999) / 1_000_000_000, 1)
    let grant = try await connection.perform("open a session", until: deadline) {
      endpoint async throws(EtcdFailure) -> GrantAnswer in
      try await connection.post(
        "/v3/lease/grant", GrantRequest(timeToLive: seconds), to: endpoint, until: deadline)
    }
    guard grant.lease != 0, grant.timeToLive > 0 else {
      throw StoreFailure(
        .unintelligible, "open a session: etcd granted a lease without number or TTL")
    }
    // Until the answer says otherwise: a session whose opening nobody heard of keeps the name from us.
    sessions.granted(grant.lease)
    while true {
      guard let other = try await putNode(node, lease: grant.lease, until: deadline) else {
        sessions.opened(
          grant.lease, EtcdSessions.Own(node: node, timeToLive: grant.timeToLive))
        return .opened(SessionID(lease: grant.lease), granted: .seconds(grant.timeToLive))
      }
      if sessions.isOrphan(other.lease) {
        try await revoke(other.lease, until: deadline)
        continue
      }
      try? await revoke(grant.lease, until: deadline)
      return .nameTaken(by: description(ofHolder: other, node: node))
    }
  }

  /// Puts the node's key; what stands there instead, where something does.
  private func putNode(
    _ node: String, lease: Int64, until deadline: Instant
  ) async throws(StoreFailure) -> KeyValue? {
    let key = keys.node(node)
    let record = NodeRecord(
      node: node, session: SessionID(lease: lease).text, host: hostName(), pid: getpid(),
      since: Self.timeOfDay(), version: notes.version)
    let answer = try await transact(
      "open a session",
      TransactionRequest(
        compare: [.createRevision(of: key, is: 0)],
        success: [.put(key, value: record.json, lease: lease)], failure: [.range(key)]),
      until: deadline)
    if answer.hasSucceeded { return nil }
    guard let other = answer.responses?.first?.range?.keyValues?.first else {
      throw StoreFailure(
        .unintelligible,
        "open a session: etcd answered neither that the name is free nor whose it is")
    }
    // An answer got lost on the way and the transaction was repeated.
    return other.lease == lease ? nil : other
  }

  private func description(ofHolder other: KeyValue, node: String) -> SessionDescription {
    other.session(node: node)
      ?? SessionDescription(
        id: SessionID(lease: 0), node: node,
        details: "the key \(other.name) has no lease and never ends: etcdctl del \(other.name)",
        neverEnds: true)
  }

  /// Ends the session. What it held is deleted with the lease.
  func close(_ session: SessionID, until deadline: Instant) async throws(StoreFailure) {
    guard let lease = session.lease else { return }
    try await revoke(lease, until: deadline)
    await revokeOrphans(until: deadline)
  }

  private func revoke(_ lease: Int64, until deadline: Instant) async throws(StoreFailure) {
    try await connection.perform("end the former session", until: deadline) {
      endpoint async throws(EtcdFailure) -> Void in
      do throws(EtcdFailure) {
        let _: RevokeAnswer = try await connection.post(
          "/v3/lease/revoke", LeaseRequest(lease: lease), to: endpoint, until: deadline)
      } catch {
        // Ended before: as good.
        guard error.meaning == .leaseNotFound else { throw error }
      }
    }
    sessions.revoked(lease)
  }

  /// The leases of openings whose answers got lost; those that cannot be revoked now end by themselves.
  private func revokeOrphans(until deadline: Instant) async {
    for lease in sessions.orphans { try? await revoke(lease, until: deadline) }
  }
}
