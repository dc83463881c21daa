package import Announcer
internal import CLinux
internal import Glibc
package import LinuxSystem

/// Reads the NTF_PROXY entries (`ip neigh show proxy`) of the calling thread's network namespace:
/// addresses that the kernel answers for on others' behalf.
///
/// For the audit of the host, so it is a question asked now and then and not a subscription.
///
/// - Throws: `SystemError`; ETIMEDOUT where the kernel falls silent for two seconds.
package func neighborProxies() throws(SystemError) -> [NeighborProxy] {
  let socket = try RouteSocket(groups: [])
  var buffer = [UInt8](repeating: 0, count: 1 << 16)
  var proxies: Set<NeighborProxy> = []
  try socket.send(.allProxies, sequence: 1)
  while true {
    switch try socket.receive(into: &buffer) {
    case .messages(let reader):
      for message in reader.messages where message.sequence == 1 {
        switch message.body {
        case .proxy(let proxy):
          proxies.insert(proxy)
        case .done:
          return proxies.sorted {
            ($0.address, $0.linkIndex ?? 0) < ($1.address, $1.linkIndex ?? 0)
          }
        case .failure(let code, _) where code != 0:
          throw SystemError(call: "RTM_GETNEIGH", code: code)
        default:
          break
        }
      }
    case .overrun:
      throw SystemError(call: "RTM_GETNEIGH", code: ENOBUFS)
    case .empty:
      var source = pollfd(fd: socket.fileDescriptor, events: Int16(POLLIN), revents: 0)
      if try systemCall("poll", "", { unsafe poll(&source, 1, 2000) }) == 0 {
        throw SystemError(call: "RTM_GETNEIGH", code: ETIMEDOUT)
      }
    }
  }
}
