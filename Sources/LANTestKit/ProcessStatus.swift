/// How a process ended (`waitpid(2)`).
package enum ProcessStatus: Hashable, Sendable {
  case exited(Int32)
  case signaled(Int32)

  /// Reads the word that `waitpid` fills in.
  init(raw: Int32) {
    let signal = raw & 0x7f
    self = signal == 0 ? .exited(raw >> 8 & 0xff) : .signaled(signal)
  }
}

/// What a finished command left.
package struct CommandResult: Sendable {
  package let status: ProcessStatus
  package let standardOutput: String
  package let standardError: String

  package var succeeded: Bool { status == .exited(0) }
}
