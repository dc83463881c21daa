internal import CLinux
internal import Glibc
package import Time

/// Notices when the time of day is set rather than let run: somebody steps it, or the machine comes
/// back from suspend.
///
/// A machine that was paused or restored from a snapshot may see no clock of its own move; but whoever
/// brings it back usually sets its time of day, and that is the sign to ask the store who owns what
/// before sending again (lease.md §2.6). Slewing, which is how time is kept right day by day, is no sign.
///
/// Source: `timerfd_create(2)`, TFD_TIMER_CANCEL_ON_SET.
package final class ClockJumps: Sendable {
  /// The boot time at which the last jump was noticed; those that nobody took are not kept.
  package let signals: AsyncStream<Instant>
  private let continuation: AsyncStream<Instant>.Continuation
  private let descriptor: Descriptor
  /// Takes what woke us from the descriptor: the error number of the read, 0 for none.
  private let take: @Sendable (Int32) -> Int32
  private let end: StopSignal

  /// Begins to listen; jumps before `watch` are not lost.
  ///
  /// - Throws: EMFILE, ENFILE, ENOMEM.
  package convenience init() throws(SystemError) {
    self.init(
      descriptor: try Self.timer(), end: try StopSignal(),
      take: { number in
        var expirations: UInt64 = 0
        return unsafe read(number, &expirations, 8) < 0 ? errno : 0
      })
  }

  /// Listens to any descriptor that becomes readable; for tests, which cannot set the clock.
  package init(
    descriptor: consuming Descriptor, end: StopSignal, take: @escaping @Sendable (Int32) -> Int32
  ) {
    self.descriptor = descriptor
    self.end = end
    self.take = take
    (signals, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  /// Sleeps until the clock jumps, again and again, until `stop`; then `signals` ends. For a thread
  /// of its own.
  package func watch() {
    defer { continuation.finish() }
    var descriptors = [
      pollfd(fd: descriptor.rawValue, events: Int16(POLLIN), revents: 0),
      pollfd(fd: end.fileDescriptor, events: Int16(POLLIN), revents: 0),
    ]
    while true {
      // EINTR and every other failure mean: look what there is, and come back.
      guard unsafe poll(&descriptors, 2, -1) > 0 else { continue }
      if descriptors[1].revents != 0 { return }
      if take(descriptor.rawValue) == ECANCELED { continuation.yield(.now) }
    }
  }

  /// Ends `watch`.
  package func stop() { end.raise() }

  /// The number of the kernel's timer, for looking at it (`/proc/self/fdinfo`).
  package var fileDescriptor: Int32 { descriptor.rawValue }

  /// A timer on the time of day that is due at the end of time, so that being cancelled is all that
  /// ever happens to it. The kernel goes on watching after each cancellation.
  private static func timer() throws(SystemError) -> Descriptor {
    let timer = Descriptor(
      owning: try systemCall("timerfd_create") {
        timerfd_create(CLOCK_REALTIME, Int32(clinux_timer_flags()))
      })
    var due = itimerspec()
    due.it_value.tv_sec = .max
    do throws(SystemError) {
      try systemCall("timerfd_settime") {
        unsafe timerfd_settime(timer.rawValue, clinux_timer_cancel_on_set(), &due, nil)
      }
    } catch {
      // A jump at this very moment; the timer is set all the same, and nothing is owned yet.
      guard error.code == ECANCELED else { throw error }
    }
    return timer
  }
}
