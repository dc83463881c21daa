internal import CLinux
internal import Glibc
internal import LinuxSystem

/// TCP ports on 127.0.0.1 that nobody listens on, below those that the kernel gives to clients
/// (`ip_local_port_range`), so that no connection of a neighbouring test takes one meanwhile.
package func freePorts(_ count: Int) -> [UInt16] {
  var ports: Set<UInt16> = []
  while ports.count < count {
    let port = UInt16.random(in: 20_000..<32_000)
    if isFree(port) { ports.insert(port) }
  }
  return Array(ports)
}

private func isFree(_ port: UInt16) -> Bool {
  let number = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
  guard number >= 0 else { return false }
  let descriptor = Descriptor(owning: number)
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_port = port.bigEndian
  address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
  return unsafe withUnsafePointer(to: &address) {
    unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      unsafe bind(descriptor.rawValue, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
    }
  }
}
