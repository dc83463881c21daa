package import Announcer
internal import CLinux
internal import Glibc
package import LinuxSystem

/// Reads the routers of all default routes, in every table, of the calling thread's network namespace.
///
/// - Throws: `SystemError`; ETIMEDOUT where the kernel falls silent for two seconds, EAGAIN where the routes changed
///   while they were listed.
package func defaultGateways() throws(SystemError) -> Set<Gateway> {
  try defaultGateways(by: try RouteSocket(groups: []), sequence: 1)
}

/// The same by a socket that hears no groups, in the namespace that it was made in.
///
/// - Parameter sequence: another one for each call.
func defaultGateways(
  by socket: borrowing RouteSocket, sequence: UInt32
) throws(SystemError) -> Set<Gateway> {
  var buffer = [UInt8](repeating: 0, count: 1 << 16)
  var gateways: Set<Gateway> = []
  var isInterrupted = false
  try socket.send(.allRoutes, sequence: sequence)
  while true {
    switch try socket.receive(into: &buffer) {
    case .messages(let reader):
      for message in reader.messages where message.sequence == sequence {
        isInterrupted = isInterrupted || message.isInterrupted
        switch message.body {
        case .defaultRoute(let found):
          gateways.formUnion(found)
        case .done:
          if isInterrupted { throw SystemError(call: "RTM_GETROUTE", code: EAGAIN) }
          return gateways
        case .failure(let code, _) where code != 0:
          throw SystemError(call: "RTM_GETROUTE", code: code)
        default:
          break
        }
      }
    case .overrun:
      throw SystemError(call: "RTM_GETROUTE", code: ENOBUFS)
    case .empty:
      var source = pollfd(fd: socket.fileDescriptor, events: Int16(POLLIN), revents: 0)
      if try systemCall("poll", "", { unsafe poll(&source, 1, 2000) }) == 0 {
        throw SystemError(call: "RTM_GETROUTE", code: ETIMEDOUT)
      }
    }
  }
}
