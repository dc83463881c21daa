package import Announcer
internal import CLinux
internal import Glibc
package import LinuxSystem
internal import Wire

/// The solicited-node groups this node has joined, so that solicitations reach it (wire.md §2.9).
///
/// `IPV6_JOIN_GROUP` on a plain socket does both things that are needed: it opens the interface's
/// multicast filter, and it makes the kernel send the MLD report (RFC 2710) without which a
/// snooping switch delivers nothing.
package struct GroupMemberships: ~Copyable {
  /// A socket holds a few thousand groups at most (`net.core.optmem_max`): more groups, more
  /// sockets. None of them ever receives anything.
  private var sockets: [Int32] = []
  private var places: [GroupMembership: Int] = [:]

  package init() {}

  deinit {
    for socket in sockets { close(socket) }
  }

  /// How many groups are joined.
  package var count: Int { places.count }

  /// Joins and leaves until exactly `wanted` is joined. Addresses with equal low 24 bits share a
  /// group, which is why the caller gives a set.
  ///
  /// - Returns: what could not be joined, and why; asked for again by the next call.
  package mutating func update(to wanted: Set<GroupMembership>) -> [GroupMembership: SystemError] {
    for (membership, place) in places where !wanted.contains(membership) {
      // Fails where the link is gone, and the kernel has forgotten the membership with it.
      _ = Self.change(sockets[place], join: false, membership)
      places[membership] = nil
    }
    var failures: [GroupMembership: SystemError] = [:]
    for membership in wanted where places[membership] == nil {
      do throws(SystemError) {
        places[membership] = try join(membership)
      } catch {
        failures[membership] = error
      }
    }
    return failures
  }

  private mutating func join(_ membership: GroupMembership) throws(SystemError) -> Int {
    // The newest socket has room or none has.
    if let place = sockets.indices.last {
      let code = Self.change(sockets[place], join: true, membership)
      if code == 0 { return place }
      // The one case in which the kernel knows better than our book: left by force, joined still.
      if code == EADDRINUSE { return place }
      guard code == ENOBUFS || code == ENOMEM else { throw Self.failure(membership, code) }
    }
    let type = Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    sockets.append(try systemCall("socket", "AF_INET6") { socket(AF_INET6, type, 0) })
    let code = Self.change(sockets[sockets.count - 1], join: true, membership)
    guard code == 0 else { throw Self.failure(membership, code) }
    return sockets.count - 1
  }

  private static func failure(_ membership: GroupMembership, _ code: Int32) -> SystemError {
    SystemError(call: "IPV6_JOIN_GROUP", subject: "\(membership.group)", code: code)
  }

  /// 0, or the error number.
  private static func change(_ socket: Int32, join: Bool, _ membership: GroupMembership) -> Int32 {
    var group = membership.group.rawValue.bigEndian
    let result = unsafe clinux_group(socket, join ? 1 : 0, &group, membership.interfaceIndex)
    return result == 0 ? 0 : errno
  }
}
