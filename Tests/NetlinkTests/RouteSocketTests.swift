import Announcer
import CLinux
import Glibc
import LinuxSystem
import Netlink
import Testing

@Suite(.enabled(if: mayMakeNamespaces, "needs root to make network namespaces"))
struct RouteSocketTests {
  /// Everything up to the answer that `isLast` recognizes, and how many overruns came before it.
  static func read(
    _ socket: borrowing RouteSocket, _ buffer: inout [UInt8],
    until isLast: (RouteMessage) -> Bool
  ) throws -> (messages: [RouteMessage], overruns: Int) {
    var messages: [RouteMessage] = []
    var overruns = 0
    while true {
      switch try socket.receive(into: &buffer) {
      case .overrun:
        overruns += 1
      case .messages(let reader):
        messages += reader.messages
        if messages.contains(where: isLast) { return (messages, overruns) }
      case .empty:
        var source = pollfd(fd: socket.fileDescriptor, events: Int16(POLLIN), revents: 0)
        guard unsafe poll(&source, 1, 5000) == 1 else {
          throw SystemError(call: "poll", code: ETIMEDOUT)
        }
      }
    }
  }

  @Test func oneLinkCanBeAskedForAndAMissingOneIsAnError() async throws {
    let namespace = try await NetworkNamespace()
    let bodies = try await namespace.run {
      let socket = try RouteSocket(groups: [])
      var buffer = [UInt8](repeating: 0, count: 1 << 16)
      try socket.send(.link(index: 1), sequence: 5)
      try socket.send(.link(index: 77), sequence: 6)
      return try Self.read(socket, &buffer) { $0.sequence == 6 }.messages
    }
    #expect(bodies.map(\.sequence) == [5, 6])
    guard case .newLink(let link) = try #require(bodies.first).body else {
      Issue.record("not a link")
      return
    }
    #expect(link.name == "lo" && link.index == 1)
    guard case .failure(let code, _) = try #require(bodies.last).body else {
      Issue.record("not an error")
      return
    }
    #expect(code == ENODEV)
  }

  @Test func aDatagramThatDoesNotFitIsAnOverrunAndTheBufferGrows() async throws {
    let namespace = try await NetworkNamespace()
    let (overruns, size) = try await namespace.run {
      let socket = try RouteSocket(groups: [])
      var buffer = [UInt8](repeating: 0, count: 64)
      try socket.send(.link(index: 1), sequence: 1)
      guard case .overrun = try socket.receive(into: &buffer) else { return (0, buffer.count) }
      try socket.send(.link(index: 1), sequence: 2)
      let more = try Self.read(socket, &buffer) { $0.sequence == 2 }.overruns
      return (1 + more, buffer.count)
    }
    #expect(overruns == 1 && size == 4096)
  }

  @Test func aFullReceiveBufferIsReportedBeforeTheQueuedMessages() async throws {
    let namespace = try await NetworkNamespace()
    let isFirst = try await namespace.run {
      let socket = try RouteSocket(groups: [.links], receiveBufferSize: 4096)
      let made = unsafe system(
        "for i in 1 2 3 4 5 6 7 8 9; do ip link set lo up; ip link set lo down; done")
      guard made == 0 else { throw SystemError(call: "system", code: EIO) }
      var buffer = [UInt8](repeating: 0, count: 1 << 16)
      guard case .overrun = try socket.receive(into: &buffer) else { return false }
      guard case .messages = try socket.receive(into: &buffer) else { return false }
      return true
    }
    #expect(isFirst)
  }
}
