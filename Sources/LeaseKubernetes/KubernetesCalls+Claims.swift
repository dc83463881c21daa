internal import Kubernetes
internal import Lease
internal import LinuxSystem
internal import Time
internal import Wire

extension KubernetesCalls {
  private enum Result: Sendable {
    case answer(AcquireAnswer)
    /// It may have taken effect.
    case unknown(StoreFailure)
  }

  /// Claims what is free, each address by a write of its own.
  func acquire(
    _ addresses: [IPAddress], for session: SessionID, until deadline: Instant
  ) async throws(StoreFailure) -> [IPAddress: AcquireAnswer] {
    guard let own = table.ask({ $0.isOwn(session) ? $0.sessions[session] : nil }), own.isLive else {
      throw sessionIsOver(session)
    }
    let results = await withTaskGroup(of: (IPAddress, Result).self) { group in
      for address in addresses {
        group.addTask { (address, await acquire(address, session, own, until: deadline)) }
      }
      return await group.reduce(into: [IPAddress: Result]()) { $0[$1.0] = $1.1 }
    }
    var answers: [IPAddress: AcquireAnswer] = [:]
    var lost: StoreFailure?
    for (address, result) in results {
      switch result {
      case .answer(let answer): answers[address] = answer
      case .unknown(let failure): lost = failure
      }
    }
    // What is left out may have been acquired or not, as far as the caller is told.
    if let lost, answers.isEmpty { throw lost }
    return answers
  }

  private func acquire(
    _ address: IPAddress, _ session: SessionID, _ own: LeaseTable.Session, until deadline: Instant
  ) async -> Result {
    let name = LeaseNames.claim(address)
    let action = "claim \(address)"
    var isMissing = false
    do throws(APIFailure) {
      while true {
        let step = table.update { table, now in
          table.pass(to: now)
          return table.acquisition(of: address, for: session)
        }
        var write = LeaseWrite.claim(
          address.description, HolderIdentity(node: own.node, session: session),
          duration: Self.seconds(own.duration), transitions: 0, note: notes[address])
        let written: Written
        do throws(APIFailure) {
          switch step {
          case .held(let holder): return .answer(.heldBy(holder))
          case .own(let epoch): return .answer(.acquired(epoch))
          case .impossible(let failure): return .answer(.failed(failure))
          case .update(let version, let transitions, let isPreferred) where !isMissing:
            write.spec["leaseTransitions"] = .number(transitions + 1)
            if isPreferred { write.spec["preferredHolder"] = .absent }
            written = try await patch(name, version, write, until: deadline)
          case .create, .update: written = try await create(name, write, until: deadline)
          }
        } catch {
          // The answer is lost, perhaps not the claim: what does the Lease say?
          guard error.mayHaveTakenEffect, Instant.now < deadline, !Task.isCancelled,
            let present = try? await get(name, until: deadline),
            case .claim(_, let record) = present.subject, record.holder?.session == session
          else { throw error }
          continue
        }
        switch written {
        case .done(let record):
          let epoch = Epoch(record.version)
          let isOurs = table.update { table, _ in table.confirm(address, of: session, epoch: epoch)
          }
          if isOurs { return .answer(.acquired(epoch)) }
          return .unknown(
            StoreFailure(.unavailable, "\(action): it was taken away again at once"))
        case .missing:
          // Deleted a moment ago, and the watch has not told yet.
          isMissing = true
        case .conflict:
          isMissing = false
          if let present = try await get(name, until: deadline), !present.isOurs {
            return .answer(.failed(Self.foreign(name)))
          }
        }
      }
    } catch {
      let failure = StoreFailure(error, action)
      return error.mayHaveTakenEffect || error.kind == .timedOut
        ? .unknown(failure) : .answer(.failed(failure))
    }
  }

  /// Gives back claims of the session; each write is guarded, so that a late one hits no younger claim.
  func release(
    _ claims: [ClaimReference], of session: SessionID, until deadline: Instant
  ) async throws(StoreFailure) {
    let failures = await withTaskGroup(of: StoreFailure?.self) { group in
      for claim in claims {
        group.addTask { await release(claim, of: session, until: deadline) }
      }
      return await group.reduce(into: [StoreFailure]()) {
        if let failure = $1 { $0.append(failure) }
      }
    }
    if let failure = failures.first { throw failure }
  }

  private func release(
    _ claim: ClaimReference, of session: SessionID, until deadline: Instant
  ) async -> StoreFailure? {
    let name = LeaseNames.claim(claim.address)
    do throws(APIFailure) {
      var hasLooked = false
      while true {
        guard let version = table.ask({ $0.release(of: claim, session) }) else {
          // The answer to its acquisition may be lost, and the watch late.
          if hasLooked { return nil }
          hasLooked = true
          if try await get(name, until: deadline) == nil { return nil }
          continue
        }
        let write = LeaseWrite.release(by: session)
        switch try await patch(name, version, write, until: deadline) {
        case .done, .missing: return nil
        case .conflict: _ = try await get(name, until: deadline)
        }
      }
    } catch {
      return StoreFailure(error, "give \(claim.address) back")
    }
  }
}
