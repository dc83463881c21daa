internal import CLinux
internal import Glibc
internal import LinuxSystem

/// The descriptor that the log goes to, written to in a way that waits for no reader where the kernel
/// offers one.
///
/// O_NONBLOCK belongs to the open file, which standard error shares with our parent, so it is
/// not set there. A pipe or a terminal is opened once more (`/proc/self/fd`, proc(5)), a socket is told with
/// every call (MSG_DONTWAIT).
struct LogSink: ~Copyable, Sendable {
  /// As many octets as a pipe takes whole or not at all (`pipe(7)`, PIPE_BUF).
  static let chunk = 4096

  /// What to write to, and to poll for POLLOUT.
  let fileDescriptor: Int32
  private let isSocket: Bool
  /// Of a pipe or a terminal, opened once more; nil where that is refused (EACCES: it belongs to another
  /// user), or where it is a file.
  private let reopened: Descriptor?

  /// - Parameter descriptor: kept open by somebody else for as long as anything logs.
  init(_ descriptor: Int32) {
    var status = stat()
    let type = unsafe fstat(descriptor, &status) == 0 ? status.st_mode & S_IFMT : 0
    isSocket = type == S_IFSOCK
    guard type == S_IFIFO || type == S_IFCHR else {
      reopened = nil
      fileDescriptor = descriptor
      return
    }
    let number = unsafe open(
      "/proc/self/fd/\(descriptor)", O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)
    reopened = number < 0 ? nil : Descriptor(owning: number)
    fileDescriptor = number < 0 ? descriptor : number
  }

  /// Whether `write` returns at once though nobody reads. A regular file's disk may hang.
  var isImmediate: Bool { isSocket || reopened != nil }

  /// What a write came to.
  enum Result {
    case written(Int)
    /// Nobody reads at the moment.
    case full
    /// EPIPE: the reader has gone; ENOSPC: the disk is full; and the like.
    case failed
  }

  func write(_ octets: ArraySlice<UInt8>) -> Result {
    while true {
      let count = unsafe octets.withUnsafeBytes { part in
        isSocket
          ? unsafe send(
            fileDescriptor, part.baseAddress, part.count, Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL))
          : unsafe Glibc.write(fileDescriptor, part.baseAddress, part.count)
      }
      if count >= 0 { return .written(count) }
      switch errno {
      case EINTR: continue
      case EAGAIN: return .full
      default: return .failed
      }
    }
  }
}
