internal import CLinux
internal import Glibc
internal import LinuxSystem
internal import Time
internal import Wire

/// One call to a member's JSON gateway on a connection of its own, made by the calling thread in
/// its own network namespace. Blocks.
///
/// The harness has its own client: what checks the program must not be a part of it.
struct GatewayConnection: ~Copyable {
  private let descriptor: Descriptor
  private var body = ChunkedBody()

  /// Connects and sends a request, GET where there is no body; both within `limit`, in milliseconds.
  init(
    to address: IPv4Address, port: UInt16 = 2379, path: String, body: String?,
    token: String? = nil, limit: Int
  ) throws {
    let connected = Descriptor(
      owning: try systemCall("socket") {
        socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
      })
    let number = connected.rawValue
    try Self.setLimit(SO_SNDTIMEO, of: number, milliseconds: limit)
    try Self.setLimit(SO_RCVTIMEO, of: number, milliseconds: limit)
    var name = sockaddr_in()
    name.sin_family = sa_family_t(AF_INET)
    name.sin_port = port.bigEndian
    name.sin_addr.s_addr = address.rawValue.bigEndian
    try systemCall("connect", "\(address):\(port)") {
      unsafe withUnsafePointer(to: &name) {
        unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          unsafe connect(number, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
      }
    }
    let body = body ?? ""
    var head =
      "\(body.isEmpty ? "GET" : "POST") \(path) HTTP/1.1\r\nHost: \(address)\r\n"
      + "Connection: close\r\nContent-Type: application/json\r\n"
      + "Content-Length: \(body.utf8.count)\r\n"
    if let token { head += "Authorization: \(token)\r\n" }
    let request = Array("\(head)\r\n\(body)".utf8)
    var sent = 0
    while sent < request.count {
      sent += try systemCall("send", "\(address)") {
        unsafe request[sent...].withUnsafeBytes {
          unsafe send(number, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
      }
    }
    descriptor = connected
  }

  /// The status of the answer, once its head has come.
  var status: Int? { body.status }

  /// Bounds each reading from here on.
  func setReadLimit(milliseconds: Int) throws {
    try Self.setLimit(SO_RCVTIMEO, of: descriptor.rawValue, milliseconds: milliseconds)
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

  /// The whole body of an answer that must be HTTP 200, within `limit` milliseconds.
  mutating func readAll(_ path: String, limit: Int) throws -> [UInt8] {
    let deadline = Instant.now + .milliseconds(limit)
    var answer: [UInt8] = []
    while let part = try read() {
      answer += part
      guard Instant.now < deadline else { throw HarnessError("\(path): no answer") }
    }
    guard status == 200 else {
      let text = String(decoding: answer.prefix(300), as: UTF8.self)
      throw HarnessError("\(path): HTTP \(status ?? 0): \(text)")
    }
    return answer
  }

  private static func setLimit(
    _ option: Int32, of number: Int32, milliseconds: Int
  ) throws {
    var time = timeval(tv_sec: milliseconds / 1000, tv_usec: milliseconds % 1000 * 1000)
    try systemCall("setsockopt") {
      unsafe setsockopt(
        number, SOL_SOCKET, option, &time, socklen_t(MemoryLayout<timeval>.size))
    }
  }
}
