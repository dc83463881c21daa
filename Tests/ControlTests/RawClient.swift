import CLinux
import Glibc

@testable import Control

/// A client that may do what `ControlClient` never does: send half a line, be silent, leave.
final class RawClient {
  let descriptor: Int32

  init(_ path: String) throws {
    descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    guard let address = UnixAddress(path: path),
      unsafe address.withPointer({ unsafe connect(descriptor, $0, $1) }) == 0
    else { throw Refused(code: errno) }
  }

  struct Refused: Error {
    let code: Int32
  }

  deinit { close(descriptor) }

  func send(_ text: String) {
    let octets = Array(text.utf8)
    _ = unsafe Glibc.send(descriptor, octets, octets.count, Int32(MSG_NOSIGNAL))
  }

  /// Everything up to the end of the connection.
  func rest() -> String {
    var answer: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = unsafe recv(descriptor, &buffer, buffer.count, 0)
      if count <= 0 { return String(decoding: answer, as: UTF8.self) }
      answer += buffer[..<count]
    }
  }
}
