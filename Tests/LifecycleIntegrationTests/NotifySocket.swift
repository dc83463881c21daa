import CLinux
import Glibc
import LinuxSystem
import Synchronization

/// systemd's end of the notification protocol: a datagram socket that keeps what it hears.
final class NotifySocket: Sendable {
  let path: String
  private struct Datagram {
    var lines: [String]
    var time: Int64
  }
  private let heard = Mutex<[Datagram]>([])
  private let isStopping = Atomic<Bool>(false)

  init(path: String) throws {
    self.path = path
    let descriptor = Descriptor(
      owning: try systemCall("socket") {
        socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
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
    let number = descriptor.release()
    startThread(named: "notify") { [weak self] in
      let descriptor = Descriptor(owning: number)
      var buffer = [UInt8](repeating: 0, count: 4096)
      while true {
        var state = pollfd(fd: descriptor.rawValue, events: Int16(POLLIN), revents: 0)
        _ = unsafe poll(&state, 1, 100)
        guard let self, !self.isStopping.load(ordering: .relaxed) else { return }
        guard state.revents != 0 else { continue }
        let count = unsafe recv(descriptor.rawValue, &buffer, buffer.count, 0)
        guard count > 0 else { continue }
        let text = String(decoding: buffer[..<count], as: UTF8.self)
        let datagram = Datagram(
          lines: text.split(separator: "\n").map(String.init), time: wallClock())
        self.heard.withLock { $0.append(datagram) }
      }
    }
  }

  deinit { isStopping.store(true, ordering: .relaxed) }

  /// Each datagram's lines.
  var messages: [[String]] { heard.withLock { $0.map(\.lines) } }

  func has(_ line: String) -> Bool { messages.joined().contains(line) }

  func all(_ line: String) -> [String] { messages.joined().filter { $0 == line } }

  func times(of line: String) -> [Int64] {
    heard.withLock { $0.filter { $0.lines.contains(line) }.map(\.time) }
  }

  /// The newest value of a variable, such as `STATUS=`.
  func last(_ variable: String) -> String? {
    messages.joined().last { $0.hasPrefix(variable) }.map { String($0.dropFirst(variable.count)) }
  }
}
