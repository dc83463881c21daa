internal import CLinux
internal import Glibc
package import LinuxSystem
package import Logging
internal import Synchronization

/// Where log lines go, and how they are written; shared by every logger of the process, so that a
/// reload changes them all at once.
package final class LogOutput: Sendable {
  package enum Format: Hashable, Sendable {
    case text, json
  }

  /// The journal wants priorities (`sd-daemon(3)`) and keeps its own time; everything else is read
  /// by people and wants the time.
  package enum Destination: Hashable, Sendable {
    case journal, stream
  }

  private struct Settings {
    var format: Format
    var level: Logger.Level
  }

  package let destination: Destination
  private let drain: LogDrain
  /// Shared with the drain, which lives on while its thread ends.
  private let settings: SharedSettings

  private final class SharedSettings: Sendable {
    let value: Mutex<Settings>
    init(_ value: Settings) { self.value = Mutex(value) }
  }

  /// - Parameter descriptor: kept open by somebody else for as long as anything logs: normally 2.
  /// - Throws: EMFILE where the process has no descriptor left.
  package init(
    descriptor: Int32 = 2, destination: Destination, format: Format = .text,
    level: Logger.Level = .info
  ) throws(SystemError) {
    self.destination = destination
    let settings = SharedSettings(Settings(format: format, level: level))
    self.settings = settings
    drain = try LogDrain(descriptor) { missing in
      let lines = missing == 1 ? "1 line was" : "\(missing) lines were"
      return LogLine.make(
        level: .warning, message: "\(lines) dropped because nobody read the log", fields: [:],
        format: settings.value.withLock(\.format), destination: destination, time: .now)
    }
    drain.start()
  }

  deinit { drain.end() }

  /// Standard error, recognised as the journal where systemd says so: JOURNAL_STREAM names the
  /// device and inode of the stream it gave us, which a redirection in between would change
  /// (`systemd.exec(5)`).
  package convenience init(
    standardErrorIn environment: [String: String], format: Format = .text,
    level: Logger.Level = .info
  ) throws(SystemError) {
    try self.init(
      destination: Self.isJournal(2, environment["JOURNAL_STREAM"]) ? .journal : .stream,
      format: format, level: level)
  }

  package var format: Format {
    get { settings.value.withLock(\.format) }
    set { settings.value.withLock { $0.format = newValue } }
  }

  /// The least level that is written, where a logger has none of its own.
  package var level: Logger.Level {
    get { settings.value.withLock(\.level) }
    set { settings.value.withLock { $0.level = newValue } }
  }

  static func isJournal(_ descriptor: Int32, _ stream: String?) -> Bool {
    guard let parts = stream?.split(separator: ":"), parts.count == 2,
      let device = UInt64(parts[0]), let inode = UInt64(parts[1])
    else { return false }
    var status = stat()
    return unsafe fstat(descriptor, &status) == 0 && UInt64(status.st_dev) == device
      && UInt64(status.st_ino) == inode
  }

  /// How many lines were left out so far, because nobody read them or they could not be written.
  package var missingLines: UInt64 { drain.missing }

  /// For people who look elsewhere than at the log: that nobody reads it; nil where somebody does.
  package var warning: String? {
    guard drain.isBehind else { return nil }
    return
      "nobody reads the log (standard error): \(drain.missing) lines were dropped so far; look at its "
      + "reader, such as systemd-journald, or at its disk"
  }

  /// Before the program ends: waits until everything is written, but not for a reader that takes nothing.
  package func flush() { drain.flush(patience: .milliseconds(200), limit: .seconds(1)) }

  /// Returns at once, whether or not anybody reads: see `LogDrain`.
  func write(_ line: String, level: Logger.Level = .info) {
    drain.write(line, isUrgent: level >= .warning)
  }
}
