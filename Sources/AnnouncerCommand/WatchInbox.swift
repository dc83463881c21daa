internal import Control
internal import Glibc
internal import LinuxSystem
internal import Synchronization

/// What the watch is told by its other threads, with what wakes it.
final class WatchInbox: Sendable {
  enum Event: Sendable {
    case status(Status, note: String?)
    case trouble(String)
    /// The terminal has another size, or somebody else wrote to it.
    case screenChanged
    case quit

    /// Of the daemon; the newest counts.
    fileprivate var isNews: Bool {
      switch self {
      case .status, .trouble: true
      case .screenChanged, .quit: false
      }
    }
  }

  private let events = Mutex<[Event]>([])
  private let wake: StopSignal
  /// Raised when the watch is over.
  let stop: StopSignal

  /// - Throws: EMFILE, ENFILE.
  init() throws(SystemError) {
    wake = try StopSignal()
    stop = try StopSignal()
  }

  /// What nobody has taken is replaced by newer news of its kind: a terminal that stands still (Ctrl-S) costs
  /// the memory of one status.
  func post(_ event: Event) {
    events.withLock { events in
      if event.isNews { events.removeAll(where: \.isNews) }
      events.append(event)
    }
    wake.raise()
  }

  /// Sleeps until something was posted, one of `descriptors` can be read, or the time is up.
  ///
  /// - Parameter milliseconds: -1 for ever.
  /// - Returns: what was posted, and which descriptors can be read or have come to their end.
  func wait(
    for descriptors: [Int32], milliseconds: Int32 = -1
  ) -> (events: [Event], ready: [Int32]) {
    var polled = ([wake.fileDescriptor] + descriptors).map {
      pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
    }
    _ = unsafe poll(&polled, nfds_t(polled.count), milliseconds)
    wake.clear()
    let posted = events.withLock { events in
      defer { events = [] }
      return events
    }
    return (posted, polled.dropFirst().filter { $0.revents != 0 }.map(\.fd))
  }
}
