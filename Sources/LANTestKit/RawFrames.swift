internal import CLinux
internal import Glibc
internal import LinuxSystem

extension Host {
  /// Sends frames as they are, from the destination address on, out of a link of this host.
  package func send(_ frames: [[UInt8]], link: String? = nil) async throws {
    let link = link ?? self.link
    try await inNamespace {
      let socket = Descriptor(
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
      for frame in frames {
        try systemCall("sendto", link) {
          unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
              unsafe sendto(
                socket.rawValue, frame, frame.count, 0, $0,
                socklen_t(MemoryLayout<sockaddr_ll>.size))
            }
          }
        }
      }
    }
  }

  /// Sends one frame as it is.
  package func send(_ frame: [UInt8], link: String? = nil) async throws {
    try await send([frame], link: link)
  }
}
