internal import CLinux
internal import Glibc
internal import Synchronization
package import Time

/// Lets tasks sleep on the boot clock, woken by a thread that waits for the kernel's timer.
///
/// Everything that decides sleeps here. `Task.sleep` depends on a timer that the whole process shares with its
/// event loop: once, in a process of tests, that timer was not armed in the kernel while tasks slept on it, and
/// they slept on until a debugger attached. What renews a lease must not depend on it.
///
/// Source: `timerfd_create(2)`, CLOCK_BOOTTIME.
package final class BootTimer: Sendable {
  private struct Sleeper {
    let due: Instant
    let continuation: CheckedContinuation<Void, any Error>
  }

  private struct State {
    var sleepers: [UInt64: Sleeper] = [:]
    /// What alarms are set to, and what each does then.
    var alarms: [UInt64: (due: Instant, bell: @Sendable () -> Void)] = [:]
    /// Of those that were cancelled before they slept.
    var cancelled: Set<UInt64> = []
    var last: UInt64 = 0
    /// What the kernel's timer is set to.
    var armed = Instant.distantFuture
  }

  private let state = Mutex(State())
  private let descriptor: Descriptor

  /// How many sleep, and how many alarms are set.
  var waiting: Int { state.withLock { $0.sleepers.count + $0.alarms.count } }

  /// One for the process; nil where it had no descriptor left.
  static let shared = try? BootTimer()

  /// Starts its thread, which lives as long as the process.
  ///
  /// - Throws: EMFILE, ENFILE, ENOMEM.
  init() throws(SystemError) {
    descriptor = Descriptor(
      owning: try systemCall("timerfd_create") {
        timerfd_create(CLOCK_BOOTTIME, Int32(clinux_timer_close_on_exec()))
      })
    startThread(named: "alarm") { self.run() }
  }

  /// Sleeps until `due`; returns at once where `due` has passed.
  ///
  /// - Throws: `CancellationError` when the task is cancelled, at once.
  package static func sleep(until due: Instant) async throws {
    guard let shared else {
      let left = max(due - .now, Duration.zero)
      return try await Task.sleep(for: left, tolerance: .zero, clock: .continuous)
    }
    try await shared.sleep(until: due)
  }

  /// Sleeps for `duration` from now.
  package static func sleep(for duration: Duration) async throws {
    try await sleep(until: .now + duration)
  }

  func sleep(until due: Instant) async throws {
    let number = state.withLock { state in
      state.last += 1
      return state.last
    }
    defer { _ = state.withLock { $0.cancelled.remove(number) } }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let isCancelled = state.withLock { state in
          if state.cancelled.contains(number) { return true }
          state.sleepers[number] = Sleeper(due: due, continuation: continuation)
          if due < state.armed { arm(&state, at: due) }
          return false
        }
        if isCancelled { continuation.resume(throwing: CancellationError()) }
      }
    } onCancel: {
      let sleeper = state.withLock { state in
        state.cancelled.insert(number)
        return state.sleepers.removeValue(forKey: number)
      }
      sleeper?.continuation.resume(throwing: CancellationError())
    }
  }

  /// A number for an alarm that is not set yet.
  func newAlarm() -> UInt64 {
    state.withLock { state in
      state.last += 1
      return state.last
    }
  }

  /// Has `bell` called on the timer's thread at `due`, in place of what this alarm was set to before. It must not wait.
  func set(_ alarm: UInt64, to due: Instant, _ bell: @escaping @Sendable () -> Void) {
    state.withLock { state in
      state.alarms[alarm] = (due, bell)
      if due < state.armed { arm(&state, at: due) }
    }
  }

  func cancel(_ alarm: UInt64) { _ = state.withLock { $0.alarms.removeValue(forKey: alarm) } }

  /// Sets the kernel's timer; the distant future disarms it.
  private func arm(_ state: inout State, at due: Instant) {
    state.armed = due
    var value = itimerspec()
    if due != .distantFuture {
      // Zero would disarm it.
      let nanoseconds = max(due.nanoseconds, 1)
      value.it_value.tv_sec = Int(nanoseconds / 1_000_000_000)
      value.it_value.tv_nsec = Int(nanoseconds % 1_000_000_000)
    }
    _ = unsafe timerfd_settime(descriptor.rawValue, clinux_timer_absolute(), &value, nil)
  }

  private func run() {
    while true {
      var expirations: UInt64 = 0
      // EINTR and every other failure mean: look what is due, and come back.
      _ = unsafe read(descriptor.rawValue, &expirations, 8)
      let (due, bells) = state.withLock { state in
        let now = Instant.now
        let due = state.sleepers.filter { $0.value.due <= now }
        for number in due.keys { state.sleepers[number] = nil }
        let alarms = state.alarms.filter { $0.value.due <= now }
        for number in alarms.keys { state.alarms[number] = nil }
        let next = min(
          state.sleepers.values.map(\.due).min() ?? .distantFuture,
          state.alarms.values.map(\.due).min() ?? .distantFuture)
        arm(&state, at: next)
        return (due.values.sorted { $0.due < $1.due }, alarms.values.map(\.bell))
      }
      for bell in bells { bell() }
      for sleeper in due { sleeper.continuation.resume() }
    }
  }
}
