internal import CLinux
internal import Glibc
internal import Lease
internal import LinuxSystem
internal import Time
internal import Wire

extension LocalEngine {
  /// Locks what is free among the addresses. Files that others have owned before are ours at once;
  /// new ones after `settle`.
  func acquire(
    _ addresses: [IPAddress], for id: SessionID,
    answer: @escaping Answer<[IPAddress: AcquireAnswer]>
  ) {
    checkSession()
    guard let session, session.id == id, !isSessionLost else {
      return answer(.failure(StoreFailure(.refused, "session \(id) is over")))
    }
    let since = LeaseRecord.timeOfDay()
    var answers: [IPAddress: AcquireAnswer] = [:]
    var fresh: [IPAddress: OwnedFile] = [:]
    for address in addresses {
      if let own = claims[address] {
        if own.isWritten || own.isDue { answers[address] = .acquired(own.epoch) }
        continue
      }
      guard DescriptorLimit.hasRoom else {
        answers[address] = .failed(tooManyFiles)
        continue
      }
      let path = directory.file(LeaseFileName.claim(of: address))
      do throws(SystemError) {
        guard let file = try LockedFile.lock(path) else {
          let record =
            if case .held(let record) = try FileProbe(path) { record } else { nil as LeaseRecord? }
          let named = record.flatMap { $0.state == .held ? $0.holder : nil }
          answers[address] = .heldBy(named ?? Self.unknownHolder)
          continue
        }
        let own = OwnedFile(
          file: file, node: session.node, session: id, pid: pid, since: since, epoch: nextEpoch())
        claims[address] = own
        if file.isTrusted {
          write(own)
          endPreference(for: address)
          answers[address] = .acquired(own.epoch)
        } else {
          fresh[address] = own
        }
      } catch {
        answers[address] = .failed(error.code == EMFILE ? tooManyFiles : Self.failure(error))
      }
    }
    if fresh.isEmpty { return answer(.success(answers)) }
    timers.schedule(
      at: .now + (others.isEmpty ? Self.settle : Self.settleAmongOthers),
      .settled { engine in
        for (address, own) in fresh {
          answers[address] = engine.trust(own, of: address)
        }
        answer(.success(answers))
      })
  }

  /// A new file has had its time: it is ours unless it, too, is gone.
  private func trust(_ own: OwnedFile, of address: IPAddress) -> AcquireAnswer {
    guard claims[address] === own, own.file.isInPlace else {
      if claims[address] === own { drop(address) }
      return .heldBy(Self.unknownHolder)
    }
    write(own)
    endPreference(for: address)
    return .acquired(own.epoch)
  }

  /// Gives claims back.
  func release(_ references: [ClaimReference]) {
    for reference in references {
      guard let own = claims[reference.address], reference.epoch ?? own.epoch == own.epoch else {
        continue
      }
      claims[reference.address] = nil
      own.giveBack()
    }
  }

  /// The same words for every address, so that the log has one line for all of them.
  private var tooManyFiles: StoreFailure {
    StoreFailure(
      .exhausted,
      "every claim keeps a file open, \(claims.count) are held, and this process may open "
        + "\(DescriptorLimit.raise()) files (raise LimitNOFILE= or `ulimit -n`)")
  }

  /// Errors that mean "used up" rather than "wrong".
  static let exhaustedCodes: Set<Int32> = [EMFILE, ENFILE, ENOSPC, EDQUOT, ENOMEM]
}
