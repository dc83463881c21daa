import CLinux
import Glibc
import LinuxSystem
import Synchronization

/// A thousand connections to a port of 127.0.0.1 that ask for nothing they mean to have; what the server closes is
/// opened again.
final class HostileClients: Sendable {
  enum Conduct: String, CaseIterable, Sendable {
    /// Half a request, and an octet more from time to time.
    case trickling
    /// Not an octet.
    case silent
    /// A request for the largest answer, of which nothing is read.
    case notReading

  }

  /// The other end has said its last octet (`poll(2)`, POLLRDHUP).
  static let hangUp: Int16 = 0x2000

  private let isStopped = Mutex(false)
  private let rounds = Mutex(0)

  init(_ count: Int, _ conduct: Conduct, port: Int) {
    Self.allowDescriptors()
    startThread(named: "hostile") {
      var clients = [Int32](repeating: -1, count: count)
      while !self.isStopped.withLock({ $0 }) {
        for index in clients.indices {
          Self.act(&clients[index], conduct, port: port)
          if index % 50 == 49 { usleep(50_000) }
        }
        self.rounds.withLock { $0 += 1 }
      }
      for client in clients where client >= 0 { close(client) }
    }
  }

  /// Every client has acted so often.
  var roundsMade: Int { rounds.withLock { $0 } }

  func stop() { isStopped.withLock { $0 = true } }

  private static func act(_ client: inout Int32, _ conduct: Conduct, port: Int) {
    var state = pollfd(fd: client, events: HostileClients.hangUp, revents: 0)
    if client >= 0, unsafe poll(&state, 1, 0) > 0 {
      close(client)
      client = -1
    }
    if client < 0 {
      guard let new = try? connect(to: port) else { return }
      client = new
      switch conduct {
      case .trickling: send("GET /metrics HTTP/1.1\r\nX: ", to: client)
      case .silent: break
      case .notReading: send("GET /metrics HTTP/1.1\r\n\r\n", to: client)
      }
    } else if conduct == .trickling {
      send("x", to: client)
    }
  }

  /// - Parameter source: an address of the loopback interface.
  static func connect(to port: Int, from source: UInt32 = 0x7f00_0001) throws -> Int32 {
    let client = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    let size = socklen_t(MemoryLayout<sockaddr_in>.size)
    address.sin_addr.s_addr = source.bigEndian
    _ = unsafe withUnsafePointer(to: &address) {
      unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe bind(client, $0, size) }
    }
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    let result = unsafe withUnsafePointer(to: &address) {
      unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe Glibc.connect(client, $0, size)
      }
    }
    guard client >= 0, result == 0 else {
      let code = errno
      close(client)
      throw SystemError(call: "connect", code: code)
    }
    return client
  }

  static func send(_ text: String, to client: Int32) {
    let octets = Array(text.utf8)
    _ = unsafe Glibc.send(client, octets, octets.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
  }

  /// What the server says up to the end of the connection.
  static func rest(of client: Int32) -> String {
    var answer: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = unsafe recv(client, &buffer, buffer.count, 0)
      if count <= 0 { return String(decoding: answer, as: UTF8.self) }
      answer += buffer[..<count]
    }
  }

  private static func allowDescriptors() {
    var limit = rlimit()
    _ = unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    limit.rlim_cur = min(limit.rlim_max, max(limit.rlim_cur, 8192))
    _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  }
}
