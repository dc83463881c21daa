import CLinux
import Glibc
import LinuxSystem
import Synchronization
import Time

/// A name server on port 53 of the network namespace in which it is made: for it, every name is that of 127.0.0.1.
final class NameServer: Sendable {
  private let isStopping = Atomic<Bool>(false)

  /// - Parameters:
  ///   - delay: after which it answers; nil: it never does.
  ///   - label: begins names that it never answers for.
  init(answersAfter delay: Duration?, silentAbout label: String? = nil) throws {
    let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw SystemError(call: "socket", code: errno) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(53).bigEndian
    let bound = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard bound == 0 else { throw SystemError(call: "bind", code: errno) }
    startThread(named: "name-server") { [weak self] in
      let descriptor = Descriptor(owning: descriptor)
      while self?.isStopping.load(ordering: .relaxed) == false {
        var state = pollfd(fd: descriptor.rawValue, events: Int16(POLLIN), revents: 0)
        _ = unsafe poll(&state, 1, 100)
        guard state.revents != 0 else { continue }
        Self.serve(descriptor.rawValue, delay, silentAbout: label)
      }
    }
  }

  deinit { isStopping.store(true, ordering: .relaxed) }

  private static func serve(
    _ descriptor: CInt, _ delay: Duration?, silentAbout label: String?
  ) {
    var query = [UInt8](repeating: 0, count: 512)
    var client = sockaddr_storage()
    var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
    let count = unsafe withUnsafeMutablePointer(to: &client) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe recvfrom(descriptor, &query, query.count, 0, $0, &size)
      }
    }
    if let label, Array(query.dropFirst(13).prefix(label.utf8.count)) == Array(label.utf8) {
      return
    }
    guard count > 12, let delay, let answer = answer(to: Array(query.prefix(count))) else { return }
    let (to, length) = (client, size)
    startThread(named: "answer") {
      usleep(UInt32(delay.nanoseconds / 1000))
      var to = to
      _ = unsafe withUnsafePointer(to: &to) { pointer in
        unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          unsafe sendto(descriptor, answer, answer.count, 0, $0, length)
        }
      }
    }
  }

  /// Source: RFC 1035 §4.1.
  private static func answer(to query: [UInt8]) -> [UInt8]? {
    var end = 12
    while end < query.count, query[end] != 0 { end += Int(query[end]) + 1 }
    guard end + 5 <= query.count else { return nil }
    let question = query[12..<(end + 5)]
    let isA = Array(question.suffix(4).prefix(2)) == [0, 1]
    var answer = Array(query.prefix(2)) + [0x81, 0x80, 0, 1, 0, isA ? 1 : 0, 0, 0, 0, 0] + question
    if isA { answer += [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, 127, 0, 0, 1] }
    return answer
  }
}
