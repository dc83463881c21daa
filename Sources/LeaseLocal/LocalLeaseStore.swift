internal import CLinux
internal import Glibc
package import Lease
internal import LinuxSystem
internal import Time
package import Wire

/// The embedded lease store: one directory on one machine, one locked file per session and claim.
///
/// A lock lasts as long as its process, so there is no TTL: the gate is "lock held". The kernel
/// releases the locks of a process that dies, and tells the others through inotify; nobody polls. It
/// serves the processes of one machine; the locks of a network file system are not those of one
/// kernel, so more machines need etcd or Kubernetes.
///
/// Files stay when claims are released. A claim file that is deleted or replaced takes the claim from
/// its holder at once. For a file that an operator deletes, candidates create a new one; it is trusted
/// only after `LocalEngine.settle`, in which the former holder hears of the deletion.
///
/// A preference is a file without a lock, which counts while its author's session file is locked.
///
/// A thread of its own does all the work, so that the file system may be slow without holding a thread
/// of the pool.
package final class LocalLeaseStore: LeaseStore {
  package let changes: AsyncStream<[StoreChange]>
  package let place: String
  private let directory: LeaseDirectory
  private let queue: JobQueue

  /// Fails where the directory cannot be made or used; the failure's text is a line for the start's
  /// error message.
  ///
  /// - Parameter version: of the announcer, for the record of its session.
  package init(directory path: String, version: String? = nil) throws(StoreFailure) {
    place = path
    let directory = LeaseDirectory(path: path)
    self.directory = directory
    try directory.prepare()
    let queue: JobQueue
    do throws(SystemError) {
      queue = try JobQueue()
    } catch {
      throw LocalEngine.failure(error)
    }
    let (changes, tell) = AsyncStream<[StoreChange]>.makeStream()
    self.changes = changes
    self.queue = queue
    startThread(named: "lease-local") {
      Self.work(LocalEngine(directory: directory, version: version), queue: queue) {
        tell.yield($0)
      }
      tell.finish()
    }
  }

  deinit { queue.stop() }

  package func open(
    node: String, timeToLive: Duration?, within: Duration
  ) async throws(StoreFailure) -> SessionOpening {
    try await ask { engine, answer in engine.open(node: node, answer: answer) }
  }

  package func renew(
    _ session: SessionID, within: Duration
  ) async throws(StoreFailure) -> Renewal {
    try await ask { engine, answer in
      engine.checkSession()
      let isOpen = engine.session?.id == session && !engine.isSessionLost
      answer(.success(isOpen ? .renewed : .sessionGone))
    }
  }

  package func read(within: Duration) async throws(StoreFailure) -> StorePicture {
    try await ask { engine, answer in
      answer(Result { () throws(StoreFailure) in try engine.read() })
    }
  }

  package func survey(within: Duration) async throws(StoreFailure) -> StoreSurvey {
    let directory = directory
    // Not on the store's own thread: thousands of files take it a while.
    return try await withThread(named: "lease-survey") { () throws(StoreFailure) in
      try directory.survey(until: .now + within)
    }
  }

  package func acquire(
    _ addresses: [IPAddress], for session: SessionID, within: Duration
  ) async throws(StoreFailure) -> [IPAddress: AcquireAnswer] {
    try await ask { engine, answer in engine.acquire(addresses, for: session, answer: answer) }
  }

  package func release(
    _ claims: [ClaimReference], of session: SessionID, within: Duration
  ) async throws(StoreFailure) {
    try await ask { engine, answer in
      if engine.session?.id == session { engine.release(claims) }
      answer(.success(()))
    }
  }

  package func prefer(
    _ preferences: [Preference], by session: SessionID, within: Duration
  ) async throws(StoreFailure) {
    try await ask { engine, answer in
      answer(
        Result { () throws(StoreFailure) in
          try engine.prefer(preferences, by: session)
        })
    }
  }

  package func close(_ session: SessionID, within: Duration) async throws(StoreFailure) {
    try await ask { engine, answer in
      engine.close(session)
      answer(.success(()))
    }
  }

  /// Has the thread do something. Ends by itself in milliseconds, so that neither cancellation nor a
  /// time limit needs looking after.
  private func ask<Value: Sendable>(
    _ job: @escaping @Sendable (LocalEngine, @escaping LocalEngine.Answer<Value>) -> Void
  ) async throws(StoreFailure) -> Value {
    let result: Result<Value, StoreFailure> = await withCheckedContinuation { continuation in
      queue.add { engine in job(engine) { continuation.resume(returning: $0) } }
    }
    return try result.get()
  }

  /// The thread's loop: sleeps until there is work, news or a time.
  private static func work(
    _ engine: LocalEngine, queue: JobQueue, tell: ([StoreChange]) -> Void
  ) {
    while true {
      let (jobs, isStopped) = queue.take()
      for job in jobs { job(engine) }
      engine.readWatch()
      engine.runTimers()
      let changes = engine.takeChanges()
      if !changes.isEmpty { tell(changes) }
      if isStopped { return }
      wait(
        for: [queue.fileDescriptor, engine.watch?.fileDescriptor ?? -1],
        until: engine.timers.nextDue)
    }
  }

  private static func wait(for descriptors: [Int32], until due: Instant) {
    var polled = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    // Rounded up: waking before the time would spin.
    let milliseconds = max((due - .now).nanoseconds + 999_999, 0) / 1_000_000
    // EINTR and every other failure mean: look what there is, and come back.
    _ = unsafe poll(&polled, nfds_t(polled.count), Int32(clamping: milliseconds))
  }
}
