internal import Glibc

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

  static func writeToStandardError(_ text: String) { write(text + "\n", to: 2) }

  static func writeToStandardOutput(_ text: String) { write(text, to: 1) }

  /// `write(2)` until all is out; what cannot be written is lost.
  private static func write(_ text: String, to descriptor: Int32) {
    var octets = Array(text.utf8)[...]
    while !octets.isEmpty {
      let count = unsafe octets.withUnsafeBytes {
        unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return }
      octets = octets.dropFirst(count)
    }
  }
}
