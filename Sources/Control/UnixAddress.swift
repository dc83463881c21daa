internal import CLinux
internal import Glibc

/// The address of a Unix socket (`unix(7)`): a path, or a name in the abstract namespace.
struct UnixAddress {
  private var storage = sockaddr_un()
  private let length: socklen_t

  /// `sun_path` holds 108 octets, a path's final zero included.
  static let longestPath = 107

  /// Nil where the path is empty, too long, or has a zero in it.
  init?(path: String) {
    let octets = Array(path.utf8)
    guard (1...Self.longestPath).contains(octets.count), !octets.contains(0) else { return nil }
    self.init(octets: octets, counting: octets.count + 1)
  }

  /// A name without a file, `@` in text and zero on the wire. Nil where it is empty or too long.
  init?(abstract name: Substring) {
    let octets = [0] + Array(name.utf8)
    guard (2...108).contains(octets.count) else { return nil }
    self.init(octets: octets, counting: octets.count)
  }

  private init(octets: [UInt8], counting count: Int) {
    storage.sun_family = sa_family_t(AF_UNIX)
    unsafe withUnsafeMutableBytes(of: &storage.sun_path) { unsafe $0.copyBytes(from: octets) }
    length = socklen_t(2 + count)
  }

  /// Calls `body` with what `bind(2)`, `connect(2)` and `sendto(2)` take.
  func withPointer<Result>(
    _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
  ) -> Result {
    unsafe withUnsafePointer(to: storage) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe body($0, length) }
    }
  }
}

/// The process at the other end of a connected Unix socket; for one that serves, who called
/// `listen(2)` (SO_PEERCRED). Nil where the kernel does not say.
func peerProcess(of descriptor: Int32) -> Int32? {
  // struct ucred: pid, uid, gid.
  var credentials: [Int32] = [0, 0, 0]
  var length = socklen_t(12)
  let result = unsafe getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &length)
  return result == 0 && credentials[0] > 0 ? credentials[0] : nil
}

/// Makes a descriptor fail with EAGAIN instead of waiting, and end with the program.
func makeNonblocking(_ descriptor: Int32) {
  _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
  _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
}
