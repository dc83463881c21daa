internal import CLinux
internal import Glibc
internal import LinuxSystem
internal import Synchronization

/// An HTTP server on loopback that answers what a test wants: the wrong thing, endlessly, or never.
package final class ScriptedServer: Sendable {
  package enum Answer: Sendable {
    case text(String, status: Int = 200)
    /// Octets as they are, header and all; the connection is closed after them.
    case raw(String)
    /// A body that goes on until the client is gone.
    case endless(String)
    /// A header and the beginning of a body, and nothing more.
    case opened(String)
    case silence
  }

  private let listener = Mutex<LoopbackListener?>(nil)
  private let requests = Mutex<[(path: String, body: String)]>([])
  package let url: String

  /// - Parameter answer: for a path and a body, on a thread of the connection's.
  package init(_ answer: @escaping @Sendable (String, String) -> Answer) throws {
    let listener = try LoopbackListener()
    url = "http://127.0.0.1:\(listener.port)"
    self.listener.withLock { $0 = listener }
    listener.start { [weak self] in
      let connection = Connection($0)
      startThread(named: "server") { [weak self] in self?.serve(connection, answer) }
    }
  }

  deinit { listener.withLock { $0 }?.close() }

  /// The bodies of the requests to a path, so far.
  package func bodies(of path: String) -> [String] {
    requests.withLock { $0.filter { $0.path == path }.map(\.body) }
  }

  private final class Connection: Sendable {
    let descriptor: Descriptor
    init(_ descriptor: consuming Descriptor) { self.descriptor = descriptor }
  }

  private func serve(_ connection: Connection, _ answer: (String, String) -> Answer) {
    let number = connection.descriptor.rawValue
    var bytes: [UInt8] = []
    while true {
      guard let (path, body) = Self.request(in: &bytes) else {
        let more = receive(number)
        guard !more.isEmpty else { return }
        bytes += more
        continue
      }
      requests.withLock { $0.append((path, body)) }
      switch answer(path, body) {
      case .text(let text, let status):
        let head = "HTTP/1.1 \(status) X\r\nContent-Length: \(text.utf8.count)\r\n\r\n"
        guard send(Array((head + text).utf8), to: number) else { return }
      case .raw(let text):
        _ = send(Array(text.utf8), to: number)
        return
      case .endless(let text):
        guard send(Array("HTTP/1.1 200 X\r\n\r\n".utf8), to: number) else { return }
        let block = Array(String(repeating: text, count: 65536 / max(text.utf8.count, 1)).utf8)
        while send(block, to: number) {}
        return
      case .opened(let text):
        guard send(Array("HTTP/1.1 200 X\r\n\r\n\(text)".utf8), to: number) else { return }
      case .silence: break
      }
    }
  }

  /// Takes a whole request from what has come.
  private static func request(in bytes: inout [UInt8]) -> (String, String)? {
    let text = String(decoding: bytes, as: UTF8.self)
    guard let end = text.firstRange(of: "\r\n\r\n") else { return nil }
    let head = text[..<end.lowerBound].lowercased()
    let length =
      head.split(separator: "\r\n").first { $0.hasPrefix("content-length:") }
      .flatMap { Int($0.dropFirst(15).filter { $0 != " " }) } ?? 0
    let body = text[end.upperBound...]
    guard body.utf8.count >= length else { return nil }
    let path = text.split(separator: " ").dropFirst().first.map(String.init) ?? ""
    let taken = text[..<end.upperBound].utf8.count + length
    bytes.removeFirst(min(taken, bytes.count))
    return (path, String(decoding: body.utf8.prefix(length), as: UTF8.self))
  }
}
