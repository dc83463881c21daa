internal import Glibc
internal import Lease
internal import LinuxSystem
internal import Time
internal import Wire

/// The embedded store's working parts, used by one thread only: our own files, and what the watch
/// says about everybody's.
package final class LocalEngine {
  /// How long a new file's lock is not trusted (lease.md §6.3). Whoever held the file that it replaces learns of the
  /// deletion from the same kernel event that made us look, and is silent long before; without the
  /// wait both would answer for the few milliseconds that takes.
  package static let settle = Duration.milliseconds(20)
  /// The same while other sessions live, one of which may be that holder: on a machine with more to
  /// do than cores, tens of milliseconds pass before it runs.
  package static let settleAmongOthers = Duration.milliseconds(100)
  /// A full look at everything, in case news got lost.
  package static let fullCheckInterval = Duration.seconds(30)
  /// The kernel reports the close of a dying owner's file *before* it drops the lock: when a file is
  /// still locked after such news, look again after 1 ms, 2 ms, 4 ms … 256 ms.
  static let rechecks = 9

  let directory: LeaseDirectory
  /// Of the announcer, for the record of its session.
  let version: String?
  let pid = getpid()
  var watch: DirectoryWatch?
  /// Our session, whose file may be gone already (`isSessionLost`).
  var session: (id: SessionID, node: String, file: OwnedFile)?
  var isSessionLost = false
  var claims: [IPAddress: OwnedFile] = [:]
  /// Other sessions by the names of their files.
  var others: [String: SessionID] = [:]
  /// The preferences that count, as far as we have heard.
  var preferences: [IPAddress: PreferenceRecord] = [:]
  /// What our temporary files are called, unlike everybody's.
  let token = SessionID.random().text
  var timers = Timers()
  private var changes: [StoreChange] = []
  private var hasTrouble = false
  private var lastEpoch: UInt64 = 0

  init(directory: LeaseDirectory, version: String?) {
    self.directory = directory
    self.version = version
    timers.schedule(at: .now + Self.fullCheckInterval, .fullCheck)
  }

  /// What there is to tell since the last call.
  func takeChanges() -> [StoreChange] {
    defer { changes = [] }
    return changes
  }

  func tell(_ change: StoreChange) { changes.append(change) }

  /// Rises with every lock taken here, and across processes with the order of the locks.
  func nextEpoch() -> Epoch {
    lastEpoch = max(lastEpoch + 1, UInt64(max(Instant.now.nanoseconds, 1)))
    return Epoch(lastEpoch)
  }

  /// Reads and follows the watch's events.
  func readWatch() {
    guard let watch else { return }
    for event in watch.events() {
      switch event {
      case .file(let name, let closed): look(at: name, closed: closed)
      case .overflow: tell(.missed)
      case .directoryGone: return watchAnew()
      }
    }
  }

  /// The directory was moved or deleted; perhaps there is another one by now.
  private func watchAnew() {
    watch = nil
    checkSession()
    tell(.missed)
    guard let session, !isSessionLost else { return }
    do throws(StoreFailure) {
      try watchDirectory()
    } catch {
      // Without news there is no election.
      isSessionLost = true
      hasTrouble = true
      tell(.trouble(error))
      tell(.sessionEnded(session.id))
    }
  }

  /// Runs what is due.
  func runTimers() {
    while let job = timers.take(dueAt: .now) {
      switch job {
      case .recheck(let name, let attempt): look(at: name, closed: true, attempt: attempt)
      case .settled(let finish): finish(self)
      case .fullCheck:
        writeMissing()
        if let watch, !watch.isInPlace(directory.path) { watchAnew() }
        checkSession()
        tell(.missed)
        timers.schedule(at: .now + Self.fullCheckInterval, .fullCheck)
      }
    }
  }

  /// Finds out what has become of a file, and tells.
  func look(at name: String, closed: Bool, attempt: Int = 0) {
    let probe: FileProbe
    switch LeaseFileName(name) {
    case nil: return
    case .preference(let address): return lookAtPreference(for: address)
    case .claim(let address):
      if let own = claims[address] {
        if own.file.isInPlace { return closed ? repair(own) : () }
        drop(address)
      }
      guard let found = try? FileProbe(directory.file(name)) else { return }
      probe = found
      tellOfClaim(address, probe)
    case .session(let node):
      if node == session?.node, !isSessionLost {
        checkSession()
        if !isSessionLost, closed, let own = session?.file { repair(own) }
        return
      }
      guard let found = try? FileProbe(directory.file(name)) else { return }
      probe = found
      tellOfSession(node, name: name, probe)
    }
    if closed, attempt < Self.rechecks, case .held = probe {
      let delay = Duration.milliseconds(1 << attempt)
      timers.schedule(at: .now + delay, .recheck(name, attempt: attempt + 1))
    }
  }

  private func tellOfClaim(_ address: IPAddress, _ probe: FileProbe) {
    switch probe {
    case .absent: tell(.freed(address, nil))
    case .free(let record): tell(.freed(address, record.map { Epoch($0.epoch) }))
    case .held(let record):
      // Locked but marked free: its owner is about to write or to let go, and either shows.
      if record?.state == .free { return }
      tell(.claimed(address, record?.holder ?? Self.unknownHolder))
    }
  }

  private func tellOfSession(_ node: String, name: String, _ probe: FileProbe) {
    defer { reviewPreferences(by: node) }
    let known = others[name]
    switch probe {
    case .absent, .free:
      others[name] = nil
      tell(.sessionEnded(known ?? Self.unknownHolder.session))
    case .held(let record):
      let description = Self.describe(record, node: node)
      if let known, known != description.id { tell(.sessionEnded(known)) }
      others[name] = description.id
      tell(.sessionOpened(description))
    }
  }

  /// Of a file that is locked but says nothing sensible (yet).
  static let unknownHolder = Holder(node: "?", session: SessionID("unknown"), epoch: .unknown)

  static func describe(_ record: LeaseRecord?, node: String) -> SessionDescription {
    guard let record, record.state == .held else {
      return SessionDescription(id: unknownHolder.session, node: node)
    }
    return record.description
  }

  /// Gives up a claim whose file is gone from its place.
  func drop(_ address: IPAddress) {
    guard let own = claims.removeValue(forKey: address) else { return }
    own.file.unlock()
    tell(.freed(address, own.epoch))
  }

  /// Notices when our own session's file is gone from its place.
  func checkSession() {
    guard let session, !isSessionLost, !session.file.file.isInPlace else { return }
    isSessionLost = true
    tell(.sessionEnded(session.id))
    reviewPreferences(by: session.node)
  }

  private func repair(_ own: OwnedFile) {
    attempt { () throws(SystemError) in try own.repair() }
  }

  /// Writes a record; where that fails (a full disk) the lock counts all the same, and people are told.
  func write(_ own: OwnedFile) {
    attempt { () throws(SystemError) in try own.write() }
  }

  private func attempt(_ body: () throws(SystemError) -> Void) {
    do throws(SystemError) {
      try body()
    } catch {
      hasTrouble = true
      tell(.trouble(StoreFailure(.exhausted, "held, but not recorded: \(error)")))
    }
  }

  /// Tries again to write what could not be written.
  private func writeMissing() {
    guard hasTrouble else { return }
    hasTrouble = false
    for own in claims.values where own.isDue { write(own) }
    if let own = session?.file, own.isDue { write(own) }
    if !hasTrouble { tell(.trouble(nil)) }
  }
}
