internal import CLinux
internal import Glibc
internal import LinuxSystem
internal import Synchronization
internal import Time

/// Writes the lines of the log; no caller ever waits for the reader.
///
/// A line is written at once where nothing waits before it and the reader takes it, so that a crash loses
/// nothing that was logged before it. Everything else waits in a `LogBacklog`, which a thread of its own
/// writes out as the reader takes it.
final class LogDrain: Sendable {
  private struct State {
    var backlog = LogBacklog()
    /// Octets that the thread has written; only whether it changes counts.
    var progress: UInt64 = 0
    var isEnding = false
  }

  private let sink: LogSink
  private let wake: StopSignal
  private let state = Mutex(State())
  /// The line that says how many are missing.
  private let note: @Sendable (Int) -> String

  init(_ descriptor: Int32, note: @escaping @Sendable (Int) -> String) throws(SystemError) {
    sink = LogSink(descriptor)
    wake = try StopSignal()
    self.note = note
  }

  /// Starts the thread, which lives until `end()`.
  func start() { startThread(named: "log") { self.run() } }

  func end() {
    state.withLock { $0.isEnding = true }
    wake.raise()
  }

  /// How many lines were ever left out.
  var missing: UInt64 { state.withLock { $0.backlog.missingInAll } }
  /// Lines are being left out now.
  var isBehind: Bool { state.withLock { $0.backlog.missing > 0 } }

  func write(_ line: String, isUrgent: Bool) {
    let mustWake = state.withLock { state in
      if state.backlog.isEmpty, sink.isImmediate {
        return writeNow(line, isUrgent: isUrgent, &state.backlog)
      }
      let wasEmpty = state.backlog.isEmpty
      state.backlog.add(line.utf8, isUrgent: isUrgent)
      return wasEmpty
    }
    if mustWake { wake.raise() }
  }

  /// - Returns: whether the thread has something to do.
  private func writeNow(_ line: String, isUrgent: Bool, _ backlog: inout LogBacklog) -> Bool {
    // One call, so that lines of several processes do not mix.
    let text = backlog.missing > 0 ? note(backlog.missing) + line : line
    let octets = Array(text.utf8)
    switch sink.write(octets[...]) {
    case .written(let count):
      _ = backlog.takeMissing()
      if count < octets.count { backlog.add(octets[count...], isUrgent: true) }
    case .full: backlog.add(line.utf8, isUrgent: isUrgent)
    // A daemon does not stop because its log's disk is full or its reader has gone.
    case .failed: backlog.leaveOut()
    }
    return !backlog.isEmpty
  }

  /// Waits until everything is written, while a reader takes something: for the end of the program.
  ///
  /// - Parameters:
  ///   - patience: how long nothing at all may be taken.
  ///   - limit: how long it may take in all.
  func flush(patience: Duration, limit: Duration) {
    let end = Instant.now + limit
    var (last, since) = (UInt64.max, Instant.now)
    while true {
      let (isEmpty, progress) = state.withLock { ($0.backlog.isEmpty, $0.progress) }
      let now = Instant.now
      if progress != last { (last, since) = (progress, now) }
      guard !isEmpty, now < end, now - since < patience else { return }
      usleep(500)
    }
  }

  private func run() {
    while true {
      var signal = pollfd(fd: wake.fileDescriptor, events: Int16(POLLIN), revents: 0)
      _ = unsafe poll(&signal, 1, -1)
      wake.clear()
      while true {
        let (part, isEnding) = state.withLock { state in
          (state.backlog.first(upTo: LogSink.chunk), state.isEnding)
        }
        if isEnding { return }
        if part.isEmpty { break }
        if waitForReader() { writeOut(part) }
      }
    }
  }

  /// - Returns: whether the reader takes something; otherwise there was a signal.
  private func waitForReader() -> Bool {
    var wanted = [
      pollfd(fd: sink.fileDescriptor, events: Int16(POLLOUT), revents: 0),
      pollfd(fd: wake.fileDescriptor, events: Int16(POLLIN), revents: 0),
    ]
    _ = unsafe poll(&wanted, 2, -1)
    if wanted[1].revents != 0 { wake.clear() }
    return wanted[0].revents != 0
  }

  /// The part stays in the backlog until it is written, so that nobody writes past it.
  private func writeOut(_ part: [UInt8]) {
    switch sink.write(part[...]) {
    case .written(let count):
      state.withLock { state in
        state.backlog.removeFirst(count)
        state.progress &+= UInt64(count)
        if let missing = state.backlog.takeMissing() {
          state.backlog.add(note(missing).utf8, isUrgent: true)
        }
      }
    // A socket says that there is room where it has too little.
    case .full: usleep(10_000)
    case .failed: state.withLock { $0.backlog.leaveOutFirst() }
    }
  }
}
