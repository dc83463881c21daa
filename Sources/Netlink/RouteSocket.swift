internal import CLinux
internal import CMnl
internal import Glibc
package import LinuxSystem

/// Owns a route socket (`rtnetlink(7)`) of the network namespace of the thread that makes it.
///
/// Not blocking: `receive` says when there is nothing, and the owner sleeps in `poll(2)`. One thread
/// at a time; libmnl keeps no state between calls that two would share, but the order of messages is
/// the order of receiving.
@safe package struct RouteSocket: ~Copyable, @unchecked Sendable {
  private let socket: OpaquePointer

  /// A multicast group of notifications (`RTNLGRP_*`).
  package enum Group: Sendable {
    case links, ipv4Addresses, ipv6Addresses, ipv4Routes, ipv6Routes

    fileprivate var number: Int32 {
      switch self {
      case .links: Int32(RTNLGRP_LINK.rawValue)
      case .ipv4Addresses: Int32(RTNLGRP_IPV4_IFADDR.rawValue)
      case .ipv6Addresses: Int32(RTNLGRP_IPV6_IFADDR.rawValue)
      case .ipv4Routes: Int32(RTNLGRP_IPV4_ROUTE.rawValue)
      case .ipv6Routes: Int32(RTNLGRP_IPV6_ROUTE.rawValue)
      }
    }
  }

  /// What can be asked.
  package enum Request: Hashable, Sendable {
    /// Every link, one by one, up to `.done`.
    case allLinks
    /// Every address of both families, up to `.done`.
    case allAddresses
    /// Every NTF_PROXY entry of both families, up to `.done`.
    case allProxies
    /// Every route of both families, in all tables, up to `.done`.
    case allRoutes
    /// One link, or `.failure` with ENODEV.
    case link(index: Int32)
  }

  /// What a call of `receive` brought.
  package enum Reception: Sendable {
    case messages(RouteMessageReader)
    /// Messages were lost (ENOBUFS), or one was cut short. Comes before those still queued.
    case overrun
    /// Nothing is waiting.
    case empty
  }

  /// Opens the socket and subscribes, so that every change after this call is heard.
  ///
  /// - Parameter receiveBufferSize: octets; the kernel counts its own overhead too, and doubles the
  ///   figure for it (`socket(7)`, SO_RCVBUF).
  package init(groups: [Group], receiveBufferSize: Int = 1 << 20) throws(SystemError) {
    let flags = Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
    guard let opened = unsafe mnl_socket_open2(NETLINK_ROUTE, flags) else {
      throw SystemError(call: "socket", subject: "NETLINK_ROUTE", code: errno)
    }
    do throws(SystemError) {
      try systemCall("bind", "NETLINK_ROUTE") { unsafe mnl_socket_bind(opened, 0, 0) }
      let descriptor = unsafe mnl_socket_get_fd(opened)
      try Self.setReceiveBuffer(of: descriptor, to: Int32(clamping: receiveBufferSize))
      // The kernel's reason in words; kernels before 4.12 have none.
      var one: Int32 = 1
      _ = unsafe mnl_socket_setsockopt(opened, NETLINK_EXT_ACK, &one, 4)
      for group in groups {
        var number = group.number
        try systemCall("setsockopt", "NETLINK_ADD_MEMBERSHIP") {
          unsafe mnl_socket_setsockopt(opened, NETLINK_ADD_MEMBERSHIP, &number, 4)
        }
      }
    } catch {
      // No `deinit` runs for a value that was never completed.
      _ = unsafe mnl_socket_close(opened)
      throw error
    }
    unsafe socket = opened
  }

  deinit {
    _ = unsafe mnl_socket_close(socket)
  }

  /// The number to poll for POLLIN.
  package var fileDescriptor: Int32 { unsafe mnl_socket_get_fd(socket) }

  /// Asks; the answers come back through `receive`, marked with `sequence`.
  package func send(_ request: Request, sequence: UInt32) throws(SystemError) {
    var octets = [UInt8](repeating: 0, count: 64)
    let length = unsafe octets.withUnsafeMutableBytes {
      unsafe Self.write(request, sequence, to: $0)
    }
    try systemCall("sendto", "NETLINK_ROUTE") {
      unsafe octets.withUnsafeBytes { unsafe mnl_socket_sendto(socket, $0.baseAddress, length) }
    }
  }

  /// Returns the message's length, which is at most 32 octets.
  private static func write(
    _ request: Request, _ sequence: UInt32, to buffer: UnsafeMutableRawBufferPointer
  ) -> Int {
    let header = unsafe mnl_nlmsg_put_header(buffer.baseAddress!)!
    unsafe header.pointee.nlmsg_seq = sequence
    unsafe header.pointee.nlmsg_flags = UInt16(NLM_F_REQUEST | NLM_F_DUMP)
    switch request {
    case .allLinks:
      unsafe header.pointee.nlmsg_type = UInt16(RTM_GETLINK)
      _ = unsafe mnl_nlmsg_put_extra_header(header, MemoryLayout<ifinfomsg>.size)
    case .allAddresses:
      unsafe header.pointee.nlmsg_type = UInt16(RTM_GETADDR)
      _ = unsafe mnl_nlmsg_put_extra_header(header, MemoryLayout<ifaddrmsg>.size)
    case .allProxies:
      unsafe header.pointee.nlmsg_type = UInt16(RTM_GETNEIGH)
      let extra = unsafe mnl_nlmsg_put_extra_header(header, MemoryLayout<ndmsg>.size)!
      unsafe extra.assumingMemoryBound(to: ndmsg.self).pointee.ndm_flags = UInt8(NTF_PROXY)
    case .allRoutes:
      unsafe header.pointee.nlmsg_type = UInt16(RTM_GETROUTE)
      _ = unsafe mnl_nlmsg_put_extra_header(header, MemoryLayout<rtmsg>.size)
    case .link(let index):
      unsafe header.pointee.nlmsg_type = UInt16(RTM_GETLINK)
      unsafe header.pointee.nlmsg_flags = UInt16(NLM_F_REQUEST)
      let extra = unsafe mnl_nlmsg_put_extra_header(header, MemoryLayout<ifinfomsg>.size)!
      unsafe extra.assumingMemoryBound(to: ifinfomsg.self).pointee.ifi_index = index
    }
    return unsafe Int(header.pointee.nlmsg_len)
  }

  /// Takes what one datagram holds. `buffer` is the caller's, to be used again; it grows where a
  /// datagram did not fit.
  package func receive(into buffer: inout [UInt8]) throws(SystemError) -> Reception {
    do throws(SystemError) {
      let count = try systemCall("recvmsg", "NETLINK_ROUTE") {
        unsafe buffer.withUnsafeMutableBytes { octets in
          unsafe mnl_socket_recvfrom(socket, octets.baseAddress, octets.count)
        }
      }
      return .messages(RouteMessageReader(buffer, count: count))
    } catch {
      switch error.code {
      case EAGAIN: return .empty
      case ENOBUFS: return .overrun
      case ENOSPC where buffer.count < 1 << 22:
        // libmnl's word for a datagram that was cut: it is lost, so the next one must fit.
        buffer = [UInt8](repeating: 0, count: max(buffer.count * 2, 1 << 12))
        return .overrun
      default: throw error
      }
    }
  }

  /// Beyond `net.core.rmem_max` where the process may (CAP_NET_ADMIN), up to it where it may not.
  private static func setReceiveBuffer(
    of descriptor: Int32, to size: Int32
  ) throws(SystemError) {
    var size = size
    if unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVBUFFORCE, &size, 4) == 0 { return }
    try systemCall("setsockopt", "SO_RCVBUF") {
      unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, 4)
    }
  }
}
