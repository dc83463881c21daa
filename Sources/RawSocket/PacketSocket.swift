internal import Announcer
internal import CLinux
internal import Glibc
package import LinuxSystem
internal import Time

/// An unbound packet socket (`packet(7)`): one protocol, every link, whole Ethernet frames.
///
/// Unbound, because a socket bound to a link is dead for good once the link is deleted, and one
/// per protocol hears them all and names the link of each frame.
package struct PacketSocket: ~Copyable, Sendable {
  private let descriptor: Descriptor

  /// What is kept for us while we are busy. Half a second of flood at a million frames a second
  /// is not the aim; a stall of some milliseconds on a noisy LAN is.
  private static let receiveBufferLength: Int32 = 4 << 20

  /// Opens the socket with a filter that rejects everything: frames begin to arrive with
  /// `attach`.
  ///
  /// - Parameter protocolNumber: an EtherType, ETH_P_ARP or ETH_P_IPV6.
  /// - Throws: EPERM without CAP_NET_RAW; EMFILE, ENOBUFS where the system has no more to give.
  package init(protocolNumber: UInt16) throws(SystemError) {
    descriptor = try Self.open(protocolNumber)
  }

  private static func open(_ protocolNumber: UInt16) throws(SystemError) -> Descriptor {
    // Protocol 0 until the filter stands, so that no frame slips in before.
    let type = Int32(SOCK_RAW.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    let descriptor = Descriptor(
      owning: try systemCall("socket", "AF_PACKET") { socket(AF_PACKET, type, 0) })
    let number = descriptor.rawValue
    try attach([.reject], to: number)
    try set(number, SOL_PACKET, PACKET_IGNORE_OUTGOING, 1, "PACKET_IGNORE_OUTGOING")
    try set(number, SOL_SOCKET, SO_TIMESTAMPNS, 1, "SO_TIMESTAMPNS")
    try set(number, SOL_SOCKET, SO_RCVBUF, receiveBufferLength, "SO_RCVBUF")
    try systemCall("bind", "AF_PACKET") { clinux_bind_packet(number, protocolNumber) }
    return descriptor
  }

  package var fileDescriptor: Int32 { descriptor.rawValue }

  /// Replaces the kernel's filter, at once for every frame that comes after.
  ///
  /// - Throws: ENOMEM where the program is larger than `net.core.optmem_max` allows.
  package borrowing func attach(_ program: [FilterInstruction]) throws(SystemError) {
    try Self.attach(program, to: descriptor.rawValue)
  }

  private static func attach(
    _ program: [FilterInstruction], to number: Int32
  ) throws(SystemError) {
    var instructions = program.map {
      sock_filter(code: $0.code, jt: $0.ifTrue, jf: $0.ifFalse, k: $0.k)
    }
    try systemCall("setsockopt", "SO_ATTACH_FILTER") {
      unsafe instructions.withUnsafeMutableBufferPointer { buffer in
        var program = unsafe sock_fprog(len: UInt16(buffer.count), filter: buffer.baseAddress)
        return unsafe setsockopt(
          number, SOL_SOCKET, SO_ATTACH_FILTER, &program,
          socklen_t(MemoryLayout<sock_fprog>.size))
      }
    }
  }

  /// Frames that the kernel had no room for since the last call (PACKET_STATISTICS).
  package borrowing func takeDropCount() -> UInt32 {
    var statistics = tpacket_stats()
    var length = socklen_t(MemoryLayout<tpacket_stats>.size)
    let result = unsafe getsockopt(
      descriptor.rawValue, SOL_PACKET, PACKET_STATISTICS, &statistics, &length)
    return result == 0 ? statistics.tp_drops : 0
  }

  /// Takes one frame, if one waits, into `buffer`.
  ///
  /// - Returns: the octets it fills, or nil where none waits (or the kernel reports an error of a
  ///   link, which netlink tells in better words).
  @inline(__always)
  borrowing func receive(
    into buffer: UnsafeMutableRawBufferPointer, _ arrival: inout clinux_arrival
  ) -> Int? {
    let length = unsafe clinux_receive_frame(
      descriptor.rawValue, buffer.baseAddress, buffer.count, &arrival)
    return length >= 0 ? length : nil
  }

  private static func set(
    _ number: Int32, _ level: Int32, _ option: Int32, _ value: Int32, _ name: String
  ) throws(SystemError) {
    var value = value
    try systemCall("setsockopt", name) {
      unsafe setsockopt(number, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
    }
  }
}
