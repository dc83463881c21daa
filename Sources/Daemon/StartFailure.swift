internal import Glibc
internal import LinuxSystem

/// Why the daemon cannot start: one line for standard error.
package struct StartFailure: Error, Hashable, CustomStringConvertible {
  package let description: String

  init(_ description: String) {
    self.description = description
  }

  enum Part {
    case log, packetSockets, netlink, clock, selfCheck
  }

  static func about<Value: ~Copyable>(
    _ part: Part, _ body: () throws(SystemError) -> Value
  ) throws(StartFailure) -> Value {
    do throws(SystemError) {
      return try body()
    } catch {
      throw StartFailure(text(part, error))
    }
  }

  /// What a part's failure means to people.
  static func text(
    _ part: Part, _ error: SystemError, capability: NetRawCapability = .current
  ) -> String {
    switch part {
    case .packetSockets where error.code == EPERM || error.code == EACCES:
      "packet sockets need the capability CAP_NET_RAW (\(error)): "
        + capability.remedy(userID: geteuid())
    case .packetSockets: "cannot open the packet sockets: \(error)"
    case .log: "cannot set up the log: \(error)"
    case .selfCheck: "cannot set up the self-check: \(error)"
    case .clock: "cannot watch the time of day: \(error)"
    case .netlink: "cannot listen to the kernel's interface events: \(error)"
    }
  }
}
