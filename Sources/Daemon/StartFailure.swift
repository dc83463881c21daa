internal import Glibc
internal import LinuxSystem

/// Why the daemon cannot start: one line for standard error.
package struct StartFailure: Error, Hashable, CustomStringConvertible {
  package let description: String

  init(_ description: String) {
    self.description = description
  }

  enum Part {
    case packetSockets, netlink, clock
  }

  static func about<Value: ~Copyable>(
    _ part: Part, _ body: () throws(SystemError) -> Value
  ) throws(StartFailure) -> Value {
    do throws(SystemError) {
      return try body()
    } catch {
      switch part {
      case .packetSockets where error.code == EPERM || error.code == EACCES:
        throw StartFailure(
          "packet sockets need the capability CAP_NET_RAW (\(error)): run as root, or through "
            + "announcer.service, which grants it")
      case .packetSockets: throw StartFailure("cannot open the packet sockets: \(error)")
      case .clock: throw StartFailure("cannot watch the time of day: \(error)")
      case .netlink: throw StartFailure("cannot listen to the kernel's interface events: \(error)")
      }
    }
  }
}
