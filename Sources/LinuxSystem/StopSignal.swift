internal import CLinux
internal import Glibc

/// Wakes a thread that sleeps in `poll(2)`: an eventfd that becomes readable and stays so until
/// it is cleared. Safe to raise from any thread.
package final class StopSignal: Sendable {
  private let descriptor: Descriptor

  /// Fails where the process or the system has no descriptor left (EMFILE, ENFILE).
  package init() throws(SystemError) {
    descriptor = Descriptor(
      owning: try systemCall("eventfd") { eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK)) })
  }

  /// The number to poll for POLLIN.
  package var fileDescriptor: Int32 { descriptor.rawValue }

  package func raise() {
    var one: UInt64 = 1
    // The counter can only be full (EAGAIN), and then the sleeper is awake already.
    _ = unsafe write(descriptor.rawValue, &one, 8)
  }

  /// Whether it was raised and not cleared since.
  package var isRaised: Bool {
    var state = pollfd(fd: descriptor.rawValue, events: Int16(POLLIN), revents: 0)
    return unsafe poll(&state, 1, 0) > 0
  }

  /// Makes the descriptor quiet again, for a signal that means "look" rather than "end".
  package func clear() {
    var count: UInt64 = 0
    _ = unsafe read(descriptor.rawValue, &count, 8)
  }
}
