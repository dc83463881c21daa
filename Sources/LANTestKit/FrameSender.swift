internal import CLinux
internal import Glibc
internal import LinuxSystem

/// A packet socket that sends frames as they are on one link of a host, from any thread.
package final class FrameSender: Sendable {
  private let descriptor: Descriptor
  private let address: sockaddr_ll
  private let link: String

  /// Opens the socket inside the host's namespace, where it stays.
  package static func open(on host: Host, link: String? = nil) async throws -> FrameSender {
    let link = link ?? host.link
    return try await host.inNamespace { try FrameSender(link: link) }
  }

  /// Opens the socket in the network namespace of the calling thread.
  init(link: String) throws {
    descriptor = Descriptor(
      owning: try systemCall("socket", "AF_PACKET") {
        Glibc.socket(AF_PACKET, Int32(SOCK_RAW.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
      })
    let index = unsafe if_nametoindex(link)
    guard index != 0 else {
      throw SystemError(call: "if_nametoindex", subject: link, code: errno)
    }
    var address = sockaddr_ll()
    address.sll_family = UInt16(AF_PACKET)
    address.sll_ifindex = Int32(index)
    self.address = address
    self.link = link
  }

  /// Sends a frame, from the destination address on.
  package func send(_ frame: [UInt8]) throws {
    var address = address
    try systemCall("sendto", link) {
      unsafe withUnsafePointer(to: &address) { pointer in
        unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          unsafe sendto(
            descriptor.rawValue, frame, frame.count, 0, $0,
            socklen_t(MemoryLayout<sockaddr_ll>.size))
        }
      }
    }
  }
}
