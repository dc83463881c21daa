internal import CLinux
internal import Glibc
package import LinuxSystem

/// How many frames each link of the calling thread's network namespace has received since it came to be, by
/// index: whatever they were, and whoever they were for.
///
/// The kernel tells of links when they change, not when they count: this is a question asked now and then.
///
/// - Throws: `SystemError`; ETIMEDOUT where the kernel falls silent for two seconds.
package func receivedPackets() throws(SystemError) -> [Int32: UInt64] {
  let socket = try RouteSocket(groups: [])
  var buffer = [UInt8](repeating: 0, count: 1 << 16)
  var counts: [Int32: UInt64] = [:]
  try socket.send(.allLinks, sequence: 1)
  while true {
    switch try socket.receive(into: &buffer) {
    case .messages(let reader):
      for message in reader.messages where message.sequence == 1 {
        switch message.body {
        case .newLink(let link): counts[link.index] = link.receivedPackets
        case .done: return counts
        case .failure(let code, _) where code != 0:
          throw SystemError(call: "RTM_GETLINK", code: code)
        default: break
        }
      }
    case .overrun: throw SystemError(call: "RTM_GETLINK", code: ENOBUFS)
    case .empty:
      var source = pollfd(fd: socket.fileDescriptor, events: Int16(POLLIN), revents: 0)
      if try systemCall("poll", "", { unsafe poll(&source, 1, 2000) }) == 0 {
        throw SystemError(call: "RTM_GETLINK", code: ETIMEDOUT)
      }
    }
  }
}
