internal import Lease
internal import LinuxSystem
internal import Time
internal import Wire

extension LocalEngine {
  typealias Answer<Value> = (Result<Value, StoreFailure>) -> Void

  /// Begins a session: locks the node's file and, once it can be trusted, writes it.
  func open(node: String, answer: @escaping Answer<SessionOpening>) {
    do throws(StoreFailure) {
      try watchDirectory()
      guard session == nil else {
        throw StoreFailure(.misconfigured, "a lease store has one session at a time")
      }
      DescriptorLimit.raise()
      let name = LeaseFileName.session(of: node)
      let path = directory.file(name)
      do throws(SystemError) {
        guard let file = try LockedFile.lock(path) else {
          let record =
            if case .held(let record) = try FileProbe(path) { record } else { nil as LeaseRecord? }
          let other = Self.describe(record, node: node)
          others[name] = other.id
          return answer(.success(.nameTaken(by: other)))
        }
        begin(node: node, file: file, answer: answer)
      } catch {
        throw Self.failure(error)
      }
    } catch {
      answer(.failure(error))
    }
  }

  private func begin(node: String, file: LockedFile, answer: @escaping Answer<SessionOpening>) {
    let id = SessionID.random()
    let own = OwnedFile(
      file: file, node: node, session: id, pid: pid, since: LeaseRecord.timeOfDay(),
      epoch: nextEpoch(), version: version)
    session = (id, node, own)
    isSessionLost = false
    others[LeaseFileName.session(of: node)] = nil
    let finish = { (engine: LocalEngine) in
      engine.checkSession()
      guard engine.session?.id == id, !engine.isSessionLost else {
        engine.close(id)
        return answer(.failure(StoreFailure(.refused, "\(file.path) was replaced meanwhile")))
      }
      engine.write(own)
      answer(.success(.opened(id, granted: nil)))
    }
    if file.isTrusted {
      finish(self)
    } else {
      timers.schedule(at: .now + Self.settle, .settled(finish))
    }
  }

  /// Watches the directory that the path names now.
  func watchDirectory() throws(StoreFailure) {
    try directory.prepare()
    if let watch, watch.isInPlace(directory.path) { return }
    do throws(SystemError) {
      watch = try DirectoryWatch(directory.path)
      others = [:]
      preferences = [:]
    } catch {
      throw Self.failure(error)
    }
  }

  /// Gives everything back.
  func close(_ id: SessionID) {
    guard let session, session.id == id else { return }
    withdrawPreferences(of: id)
    for own in claims.values { own.giveBack() }
    claims = [:]
    session.file.giveBack()
    self.session = nil
    isSessionLost = false
  }

  /// Looks at every file.
  func read() throws(StoreFailure) -> StorePicture {
    checkSession()
    for (address, own) in claims where !own.file.isInPlace { drop(address) }
    var picture = StorePicture(sessions: [], claims: [:])
    guard let session, !isSessionLost else { return picture }
    picture.sessions.append(session.file.record.description)
    for (address, own) in claims where own.isWritten || own.isDue {
      picture.claims[address] = own.record.holder
    }
    var present: Set<String> = []
    let names = directory.names()
    picture.preferences = readPreferences(among: names)
    for name in names {
      guard let kind = LeaseFileName(name),
        case .held(let record)? = try? FileProbe(directory.file(name))
      else { continue }
      switch kind {
      case .claim(let address) where claims[address] == nil && record?.state != .free:
        picture.claims[address] = record?.holder ?? Self.unknownHolder
      case .session(let node) where node != session.node:
        let description = Self.describe(record, node: node)
        picture.sessions.append(description)
        others[name] = description.id
        present.insert(name)
      default: break
      }
    }
    for name in others.keys where !present.contains(name) { others[name] = nil }
    return picture
  }

  /// What a failed system call means to the election.
  static func failure(_ error: SystemError) -> StoreFailure {
    StoreFailure(exhaustedCodes.contains(error.code) ? .exhausted : .misconfigured, "\(error)")
  }
}
