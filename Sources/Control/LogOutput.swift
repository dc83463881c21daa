internal import CLinux
internal import Glibc
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
  private let descriptor: Int32
  private let settings: Mutex<Settings>

  /// - Parameter descriptor: kept open by somebody else for as long as anything logs: normally 2.
  package init(
    descriptor: Int32 = 2, destination: Destination, format: Format = .text,
    level: Logger.Level = .info
  ) {
    self.descriptor = descriptor
    self.destination = destination
    settings = Mutex(Settings(format: format, level: level))
  }

  /// Standard error, recognised as the journal where systemd says so: JOURNAL_STREAM names the
  /// device and inode of the stream it gave us, which a redirection in between would change
  /// (`systemd.exec(5)`).
  package convenience init(
    standardErrorIn environment: [String: String], format: Format = .text,
    level: Logger.Level = .info
  ) {
    self.init(
      destination: Self.isJournal(2, environment["JOURNAL_STREAM"]) ? .journal : .stream,
      format: format, level: level)
  }

  package var format: Format {
    get { settings.withLock(\.format) }
    set { settings.withLock { $0.format = newValue } }
  }

  /// The least level that is written, where a logger has none of its own.
  package var level: Logger.Level {
    get { settings.withLock(\.level) }
    set { settings.withLock { $0.level = newValue } }
  }

  static func isJournal(_ descriptor: Int32, _ stream: String?) -> Bool {
    guard let parts = stream?.split(separator: ":"), parts.count == 2,
      let device = UInt64(parts[0]), let inode = UInt64(parts[1])
    else { return false }
    var status = stat()
    return unsafe fstat(descriptor, &status) == 0 && UInt64(status.st_dev) == device
      && UInt64(status.st_ino) == inode
  }

  /// One call of `write(2)`, so that lines of several threads do not mix. What cannot be written is
  /// lost: a daemon does not stop because its log's disk is full or its reader has gone.
  func write(_ line: String) {
    let octets = Array(line.utf8)
    while unsafe Glibc.write(descriptor, octets, octets.count) < 0 && errno == EINTR {}
  }
}
