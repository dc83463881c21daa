internal import LinuxSystem
internal import Synchronization
internal import Time

/// The local permission to do a duty: it is held, and the lease's deadline has not passed (lease.md §1.3).
///
/// The coordinator opens and shuts it; whoever writes asks before each write, and says when it is over.
/// A duty is given up once no write is on its way (pools.md §1.2, §1.3).
final class DutyGate: Sendable {
  private struct State {
    var deadline = Instant.distantPast
    var term: UInt64 = 0
    var writes = 0
    var waiting: CheckedContinuation<Void, Never>?
  }

  private let state = Mutex(State())
  private let change: AsyncStream<Void>.Continuation
  /// Yields when the gate opens, and when it is shut. For one reader.
  let changes: AsyncStream<Void>
  private let idle: @Sendable () -> Void

  /// A write that could not be answered in this time is not worth beginning.
  private static let leastTime = Duration.milliseconds(250)
  /// What one write may take.
  private static let patience = Duration.seconds(2)

  /// - Parameter idle: called when the last write has ended while the gate is shut.
  init(idle: @escaping @Sendable () -> Void) {
    (changes, change) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    self.idle = idle
  }

  /// Opens the gate, or keeps it open, until `deadline`. Each opening begins another term, in which
  /// nothing counts that was known in the one before.
  func open(until deadline: Instant) {
    let isNew = state.withLock { state in
      guard state.term < .max else { return false }
      let isNew = state.deadline <= .now && deadline > .now
      if isNew { state.term += 1 }
      state.deadline = deadline
      return isNew
    }
    if isNew { change.yield() }
  }

  /// No write begins from here on; true where none is on its way either.
  @discardableResult
  func shut() -> Bool {
    let (isNew, isIdle) = state.withLock { state in
      let isNew = state.deadline > .distantPast
      state.deadline = .distantPast
      return (isNew, state.writes == 0)
    }
    if isNew { change.yield() }
    return isIdle
  }

  /// The term that is open now; nil while the gate is shut.
  var term: UInt64? { state.withLock { $0.deadline > .now ? $0.term : nil } }

  /// Asks for one write in a term.
  ///
  /// - Returns: by when it must have been answered; nil where it may not begin. Whoever was given a time
  ///   calls `end()`.
  func begin(in term: UInt64) -> Instant? {
    state.withLock { state in
      let now = Instant.now
      guard state.term == term, state.deadline > now + Self.leastTime else { return nil }
      state.writes += 1
      return min(state.deadline, now + Self.patience)
    }
  }

  func end() {
    let (isIdle, waiting) = state.withLock { state in
      state.writes -= 1
      let isIdle = state.writes == 0 && state.deadline <= .now
      defer { if isIdle { state.waiting = nil } }
      return (isIdle, isIdle ? state.waiting : nil)
    }
    if isIdle { idle() }
    waiting?.resume()
  }

  /// Shuts the gate and returns when no write is on its way, which is soon: each has its time. For one
  /// caller.
  func shutForGood() async {
    await withCheckedContinuation { continuation in
      let isIdle = state.withLock { state in
        state.deadline = .distantPast
        // No opening counts any more.
        state.term = .max
        if state.writes > 0 { state.waiting = continuation }
        return state.writes == 0
      }
      if isIdle { continuation.resume() }
    }
  }
}
