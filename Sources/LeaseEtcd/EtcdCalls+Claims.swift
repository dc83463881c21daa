internal import FoundationEssentials
internal import Lease
internal import Time
internal import Wire

extension EtcdCalls {
  /// Claims what is free, in one transaction that takes effect only while the session lives (lease.md §4.2).
  func acquire(
    _ addresses: [IPAddress], for session: SessionID, until deadline: Instant
  ) async throws(StoreFailure) -> [IPAddress: AcquireAnswer] {
    guard let lease = session.lease, let own = sessions[lease] else {
      throw sessionIsOver(session)
    }
    let since = Self.timeOfDay()
    let operations = addresses.map { address in
      let key = keys.claim(address)
      let record = ClaimRecord(
        node: own.node, session: session, note: notes[address], since: since)
      return Operation.transaction(
        TransactionRequest(
          compare: [.createRevision(of: key, is: 0)],
          success: [
            .put(key, value: record.json, lease: lease), .delete(keys.preference(address)),
          ], failure: [.range(key)]))
    }
    let answer = try await guarded(
      "claim addresses", of: session,
      TransactionRequest(
        compare: [.lease(of: keys.node(own.node), is: lease)], success: operations),
      until: deadline)
    guard answer.hasSucceeded else { throw sessionIsOver(session) }
    guard let responses = answer.responses, responses.count == addresses.count,
      let revision = answer.header?.revision, revision > 0
    else {
      throw StoreFailure(
        .unintelligible,
        "claim addresses: etcd answered for \(answer.responses?.count ?? 0) of \(addresses.count)")
    }
    var answers: [IPAddress: AcquireAnswer] = [:]
    for (address, response) in zip(addresses, responses) {
      answers[address] = acquireAnswer(
        response.transaction, for: address, lease: lease, revision: revision)
    }
    return answers
  }

  private func acquireAnswer(
    _ answer: TransactionAnswer?, for address: IPAddress, lease: Int64, revision: Int64
  ) -> AcquireAnswer {
    guard let answer else {
      return .failed(StoreFailure(.unintelligible, "claim \(address): etcd left the answer out"))
    }
    if answer.hasSucceeded { return .acquired(Epoch(UInt64(revision))) }
    guard let claim = answer.responses?.first?.range?.keyValues?.first else {
      return .failed(
        StoreFailure(.unintelligible, "claim \(address): etcd says neither free nor whose it is"))
    }
    if claim.lease == lease { return .acquired(claim.epoch(isOwn: true)) }
    if let defect = claim.claimDefect { return .failed(defect) }
    return .heldBy(claim.holder(isOwn: false))
  }

  /// Gives back claims of the session; each delete is guarded, so that a late one hits no younger claim.
  func release(
    _ claims: [ClaimReference], of session: SessionID, until deadline: Instant
  ) async throws(StoreFailure) {
    guard let lease = session.lease, lease != 0 else { return }
    let operations = claims.map { claim in
      let key = keys.claim(claim.address)
      var compare = [Comparison.lease(of: key, is: lease)]
      if let epoch = claim.epoch {
        compare.append(.createRevision(of: key, is: Int64(bitPattern: epoch.number)))
      }
      return Operation.transaction(
        TransactionRequest(compare: compare, success: [.delete(key)]))
    }
    _ = try await transact(
      "give claims back", TransactionRequest(success: operations), until: deadline)
  }

  /// Writes preferences, over those of this session alone.
  func prefer(
    _ preferences: [Preference], by session: SessionID, until deadline: Instant
  ) async throws(StoreFailure) {
    guard let lease = session.lease, let own = sessions[lease] else {
      throw sessionIsOver(session)
    }
    let operations = preferences.map { preference in
      let key = keys.preference(preference.address)
      let isOurs = Comparison.lease(of: key, is: lease)
      guard let node = preference.node else {
        return Operation.transaction(TransactionRequest(compare: [isOurs], success: [.delete(key)]))
      }
      let record = PreferenceRecord(node: node, session: session.text)
      let put = Operation.put(key, value: record.json, lease: lease)
      return .transaction(
        TransactionRequest(
          compare: [.createRevision(of: key, is: 0)], success: [put],
          failure: [.transaction(TransactionRequest(compare: [isOurs], success: [put]))]))
    }
    let answer = try await guarded(
      "write preferences", of: session,
      TransactionRequest(
        compare: [.lease(of: keys.node(own.node), is: lease)], success: operations),
      until: deadline)
    guard answer.hasSucceeded else { throw sessionIsOver(session) }
  }

  /// A transaction that puts keys with the session's lease.
  private func guarded(
    _ action: String, of session: SessionID, _ transaction: TransactionRequest,
    until deadline: Instant
  ) async throws(StoreFailure) -> TransactionAnswer {
    let answer = try await connection.perform(action, until: deadline) {
      endpoint async throws(EtcdFailure) -> TransactionAnswer? in
      do throws(EtcdFailure) {
        return try await connection.post("/v3/kv/txn", transaction, to: endpoint, until: deadline)
      } catch {
        guard error.meaning == .leaseNotFound else { throw error }
        return nil
      }
    }
    guard let answer else { throw sessionIsOver(session) }
    return answer
  }
}
