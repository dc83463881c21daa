internal import Control
internal import Glibc
internal import LinuxSystem

/// Why a command ends with a code other than 0.
struct CommandFailure: Error {
  /// Lines for standard error; empty where everything has been said.
  let message: String
  let code: Int32

  /// The answer is no, or the run failed.
  static let no: Int32 = 1
  /// Wrong usage or configuration.
  static let wrongUsage: Int32 = 2
  /// `probe`: nobody answers, or several do.
  static let nobody: Int32 = 3
  static let several: Int32 = 4

  init(_ message: String = "", code: Int32 = CommandFailure.no) {
    self.message = message
    self.code = code
  }

  func print() {
    guard !message.isEmpty else { return }
    for line in message.split(separator: "\n") {
      Self.writeToStandardError("announcer: \(line)")
    }
  }

  /// What cannot be written is lost: there is nowhere else to say it. What is quoted in it, of a command line or a file,
  /// commands no terminal.
  static func writeToStandardError(_ text: String) {
    try? writeAll(Array("\(printableLines(text))\n".utf8), to: 2)
  }

  /// Fails where the output could not be written: a script must not take that for success.
  ///
  /// - Throws: what kept it from being written; without words where the reader went away.
  static func writeToStandardOutput(_ text: String) throws(CommandFailure) {
    do throws(SystemError) {
      try writeAll(Array(text.utf8), to: 1)
    } catch {
      throw CommandFailure(error.code == EPIPE ? "" : "\(error)")
    }
  }
}
