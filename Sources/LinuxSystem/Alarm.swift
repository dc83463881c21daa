internal import Synchronization
package import Time

/// Rings at the instant that it was set to last: one alarm, however often it is set.
///
/// For a loop that looks at the time again and again: to set it costs neither a task nor a thread. It rings on the
/// timer's thread, so that the bell must not wait. `cancel` ends it.
package final class Alarm: Sendable {
  private let bell: @Sendable () -> Void
  private let timer: BootTimer?
  private let number: UInt64
  /// Where the process had no descriptor for a timer.
  private let task = Mutex<Task<Void, Never>?>(nil)

  package convenience init(_ bell: @escaping @Sendable () -> Void) {
    self.init(on: BootTimer.shared, bell)
  }

  init(on timer: BootTimer?, _ bell: @escaping @Sendable () -> Void) {
    self.bell = bell
    self.timer = timer
    number = timer?.newAlarm() ?? 0
  }

  /// Rings at `due`, at once where that has passed, and not at what it was set to before.
  package func set(_ due: Instant) {
    if let timer { return timer.set(number, to: due, bell) }
    task.withLock { task in
      task?.cancel()
      task = Task { [bell] in
        guard (try? await BootTimer.sleep(until: due)) != nil else { return }
        bell()
      }
    }
  }

  /// Rings no more, unless it is set again.
  package func cancel() {
    timer?.cancel(number)
    task.withLock { task in
      task?.cancel()
      task = nil
    }
  }

  deinit { cancel() }
}
