internal import Glibc
internal import Synchronization

/// Runs the tasks that prefer it on one thread of its own, whatever the pool is busy with.
///
/// For the few tasks that must not wait for a computation: with as many computations as processors, the cooperative
/// pool has no thread left. A task that runs here must not compute for long itself, nor block.
package final class ThreadExecutor: TaskExecutor {
  private let jobs = Mutex<[UnownedJob]>([])
  private let wake: WakeUp

  /// Starts the thread. It ends with the last reference to the executor.
  ///
  /// - Parameter name: what `top -H` shows; cut to 15 octets.
  package init(named name: String) {
    wake = WakeUp()
    let wake = wake
    startThread(named: name) { [weak self] in
      while true {
        wake.wait()
        // Kept only while there is something to do: the thread ends when nobody else needs it.
        guard let self, self.runAll() else { return }
      }
    }
  }

  package func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    jobs.withLock { $0.append(job) }
    wake.signal()
  }

  /// - Returns: whether to go on.
  private func runAll() -> Bool {
    while true {
      let due = jobs.withLock { jobs in
        defer { jobs = [] }
        return jobs
      }
      guard !due.isEmpty else { return true }
      for job in due { unsafe job.runSynchronously(on: asUnownedTaskExecutor()) }
    }
  }

  deinit { wake.signal() }
}

/// A semaphore (sem_overview(7)).
@safe private final class WakeUp: @unchecked Sendable {
  private let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

  init() { _ = unsafe sem_init(semaphore, 0, 0) }

  func signal() { _ = unsafe sem_post(semaphore) }

  func wait() {
    while unsafe sem_wait(semaphore) != 0 {}
  }

  deinit {
    _ = unsafe sem_destroy(semaphore)
    unsafe semaphore.deallocate()
  }
}
