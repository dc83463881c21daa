internal import LinuxSystem
internal import Synchronization

/// Hands work to the store's thread.
final class JobQueue: Sendable {
  typealias Job = @Sendable (LocalEngine) -> Void

  private struct State {
    var jobs: [Job] = []
    var isStopped = false
  }

  private let state = Mutex(State())
  private let signal: StopSignal

  init() throws(SystemError) {
    signal = try StopSignal()
  }

  /// To poll for POLLIN: there is something to take.
  var fileDescriptor: Int32 { signal.fileDescriptor }

  func add(_ job: @escaping Job) {
    state.withLock { $0.jobs.append(job) }
    signal.raise()
  }

  /// The thread ends once it has run what was added before.
  func stop() {
    state.withLock { $0.isStopped = true }
    signal.raise()
  }

  func take() -> (jobs: [Job], isStopped: Bool) {
    signal.clear()
    return state.withLock { state in
      defer { state.jobs = [] }
      return (state.jobs, state.isStopped)
    }
  }
}
