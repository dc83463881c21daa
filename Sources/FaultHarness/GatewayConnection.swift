internal import CLinux
internal import Glibc
internal import LinuxSystem
internal import Wire

/// One call to a member's JSON gateway on a connection of its own, made by the calling thread in
/// its own network namespace. Blocks.
///
/// The harness has its own client: what checks the program must not be a part of it.
struct GatewayConnection: ~Copyable {
  private let descriptor: Descriptor
  private var body = ChunkedBody()

  /// Connects and sends a request; both within `limit`, in milliseconds.
  init(
    to address: IPv4Address, port: UInt16 = 2379, path: String, body: String, token: String?,
    limit: Int
  ) throws {
    descriptor = Descriptor(
      owning: try systemCall("socket") {
        socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
      })
    try setLimit(SO_SNDTIMEO, milliseconds: limit)
    try setLimit(SO_RCVTIMEO, milliseconds: limit)
    var name = sockaddr_in()
    name.sin_family = sa_family_t(AF_INET)
    name.sin_port = port.bigEndian
    name.sin_addr.s_addr = address.rawValue.bigEndian
    let number = descriptor.rawValue
    try systemCall("connect", "\(address):\(port)") {
      unsafe withUnsafePointer(to: &name) {
        unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          unsafe connect(number, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
      }
    }
    var head =
      "POST \(path) HTTP/1.1\r\nHost: \(address)\r\nConnection: close\r\n"
      + "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n"
    if let token { head += "Authorization: \(token)\r\n" }
    let request = Array("\(head)\r\n\(body)".utf8)
    var sent = 0
    while sent < request.count {
      sent += try systemCall("send", "\(address)") {
        unsafe request[sent...].withUnsafeBytes {
          unsafe send(number, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL.rawValue))
        }
      }
    }
  }

  /// The status of the answer, once its head has come.
  var status: Int? { body.status }

  /// Bounds each reading from here on.
  func setReadLimit(milliseconds: Int) throws {
    try setLimit(SO_RCVTIMEO, milliseconds: milliseconds)
  }

  /// The next part of the body; empty where there was none within the limit, nil at its end.
  mutating func read() throws -> [UInt8]? {
    if body.isComplete { return nil }
    var buffer = [UInt8](repeating: 0, count: 65536)
    let count = unsafe recv(descriptor.rawValue, &buffer, buffer.count, 0)
    if count > 0 { return try body.take(buffer[..<count]) }
    if count == 0 { return nil }
    if errno == EAGAIN || errno == EINTR { return [] }
    throw SystemError(call: "recv", code: errno)
  }

  private func setLimit(_ option: Int32, milliseconds: Int) throws {
    var time = timeval(tv_sec: milliseconds / 1000, tv_usec: milliseconds % 1000 * 1000)
    let number = descriptor.rawValue
    try systemCall("setsockopt") {
      unsafe setsockopt(
        number, SOL_SOCKET, option, &time, socklen_t(MemoryLayout<timeval>.size))
    }
  }
}
