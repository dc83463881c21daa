internal import CLinux
internal import Glibc
package import LinuxSystem

/// A TCP socket on a free port of every IPv4 address, of the network namespace in which it was made: so a server
/// in the tests' own process is reached from the hosts of a test's LAN.
package struct BoundSocket: Sendable {
  package let descriptor: CInt
  /// By which address clients reach it.
  package let host: String

  /// - Parameter host: an IPv4 address of the calling thread's network namespace.
  package init(reachedAs host: String) throws(SystemError) {
    self.host = host
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw SystemError(call: "socket", code: errno) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    let size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let result = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        unsafe bind(descriptor, pointer, size)
      }
    }
    guard result == 0 else {
      let error = SystemError(call: "bind", code: errno)
      close(descriptor)
      throw error
    }
  }
}
