import CLinux
import Glibc
import LinuxSystem
import Synchronization

/// Something that serves a control socket and is no announcer, or one of another version.
final class FakeServer: Sendable {
  private let isStopping = Atomic<Bool>(false)

  /// Listens at `path`, and answers everybody who sends a line with `answer`.
  init(path: String, answer: String) throws {
    let number = try Self.listen(at: path)
    startThread(named: "fake-server") { [weak self] in
      let listener = Descriptor(owning: number)
      while true {
        var state = pollfd(fd: listener.rawValue, events: Int16(POLLIN), revents: 0)
        _ = unsafe poll(&state, 1, 100)
        guard let self, !self.isStopping.load(ordering: .relaxed) else { return }
        guard state.revents != 0 else { continue }
        let client = accept(listener.rawValue, nil, nil)
        guard client >= 0 else { continue }
        let connection = Descriptor(owning: client)
        var buffer = [UInt8](repeating: 0, count: 4096)
        _ = unsafe recv(connection.rawValue, &buffer, buffer.count, 0)
        let octets = Array(answer.utf8)
        _ = unsafe send(connection.rawValue, octets, octets.count, Int32(MSG_NOSIGNAL))
      }
    }
  }

  deinit { isStopping.store(true, ordering: .relaxed) }

  /// Leaves a socket file behind that nobody serves.
  static func leaveStale(at path: String) throws {
    _ = Descriptor(owning: try listen(at: path))
  }

  private static func listen(at path: String) throws -> Int32 {
    let descriptor = Descriptor(
      owning: try systemCall("socket") {
        socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
      })
    var address = sockaddr_un()
    address.sun_family = UInt16(AF_UNIX)
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { field in
      for (index, octet) in path.utf8.prefix(107).enumerated() { unsafe field[index] = octet }
    }
    try systemCall("bind", path) {
      unsafe withUnsafePointer(to: &address) { pointer in
        unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          unsafe bind(descriptor.rawValue, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
        }
      }
    }
    try systemCall("listen", path) { Glibc.listen(descriptor.rawValue, 8) }
    return descriptor.release()
  }
}
