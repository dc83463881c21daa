package import Announcer
internal import CLinux
internal import Glibc
package import LinuxSystem
internal import Synchronization

/// Follows the links and addresses of one network namespace and hands out whole snapshots.
///
/// Events, not polling: one thread sleeps in `poll(2)` on the route socket. It subscribes before it
/// lists, so that nothing falls between, and lists again when the kernel says that messages were
/// lost. A snapshot leaves as soon as the socket is drained; a burst comes out as one.
package final class LinkMonitor: Sendable {
  /// What went wrong on the way, for metrics.
  package struct Statistics: Hashable, Sendable {
    /// Times that the kernel had to drop messages for us.
    package var overruns = 0
    /// Messages that were left out because their lengths contradict each other.
    package var malformed = 0
    /// Whole listings of links and addresses, the first one included.
    package var listings = 0
  }

  /// Every link of the namespace, by index: first when links and addresses have been listed, then
  /// after each change. A slow reader gets the newest only; `Link.revision` and the generation tell
  /// it what it slept through. Ends when `run()` does. For one reader.
  package let links: AsyncStream<[Link]>

  private let continuation: AsyncStream<[Link]>.Continuation
  private let socket: RouteSocket
  private let stopSignal: StopSignal
  private let counters = Mutex(Statistics())

  /// Subscribes, in the network namespace of the calling thread. Changes are kept from here on.
  ///
  /// - Parameter receiveBufferSize: octets of messages that may wait for us.
  package init(receiveBufferSize: Int = 1 << 20) throws(SystemError) {
    socket = try RouteSocket(
      groups: [.links, .ipv4Addresses, .ipv6Addresses], receiveBufferSize: receiveBufferSize)
    stopSignal = try StopSignal()
    (links, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  package var statistics: Statistics { counters.withLock { $0 } }

  /// Follows the namespace until `stop()`, or until the task is cancelled. Call it once.
  ///
  /// - Throws: `SystemError` where the socket itself fails; the stream then ends too.
  package func run() async throws {
    defer { continuation.finish() }
    try await withTaskCancellationHandler {
      try await withThread(named: "links") { () throws(SystemError) in try self.follow() }
    } onCancel: {
      stop()
    }
  }

  /// Ends `run()`. Safe from any thread, and before `run()`.
  package func stop() { stopSignal.raise() }

  /// Requests about single links are told from listings by this bit of their sequence number.
  private static let singleLink: UInt32 = 1 << 31

  private func follow() throws(SystemError) {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    var table = LinkTable()
    var cycle = DumpCycle()
    var published: [Link]?
    cycle.restart()
    while true {
      let isWhole = try perform(&cycle, &table)
      for index in table.takeStale() {
        try socket.send(.link(index: index), sequence: Self.singleLink)
      }
      // While a second listing runs, the table holds what every message so far has said: worth
      // having, and under a flood of events it is all there is.
      if isWhole || published != nil {
        let links = table.links
        if links != published {
          continuation.yield(links)
          published = links
        }
      }
      var sources = [
        pollfd(fd: socket.fileDescriptor, events: Int16(POLLIN), revents: 0),
        pollfd(fd: stopSignal.fileDescriptor, events: Int16(POLLIN), revents: 0),
      ]
      // A second is due for the next message of a listing, and nothing is due without one.
      let timeout: Int32 = cycle.isIdle ? -1 : 1000
      let ready = try systemCall("poll") { unsafe poll(&sources, 2, timeout) }
      if sources[1].revents != 0 { return }
      if ready == 0 {
        cycle.silence()
      } else {
        try drain(&buffer, &table, &cycle)
      }
    }
  }

  /// Does what the cycle says. True where the table has just become whole.
  private func perform(
    _ cycle: inout DumpCycle, _ table: inout LinkTable
  ) throws(SystemError) -> Bool {
    switch cycle.next() {
    case .listLinks(let sequence):
      table.beginListing()
      try socket.send(.allLinks, sequence: sequence & ~Self.singleLink)
    case .listAddresses(let sequence):
      try socket.send(.allAddresses, sequence: sequence & ~Self.singleLink)
    case .nudge:
      try socket.send(.link(index: 1), sequence: Self.singleLink)
    case .finish:
      table.endListing()
      counters.withLock { $0.listings += 1 }
      return true
    case nil:
      break
    }
    return false
  }

  /// Takes what is waiting, up to a limit, so that a flood cannot keep a snapshot back for ever.
  private func drain(
    _ buffer: inout [UInt8], _ table: inout LinkTable, _ cycle: inout DumpCycle
  ) throws(SystemError) {
    for _ in 0..<256 {
      switch try socket.receive(into: &buffer) {
      case .empty:
        return
      case .overrun:
        counters.withLock { $0.overruns += 1 }
        table.suspectEverything()
        cycle.restart()
      case .messages(let reader):
        if reader.malformed > 0 { counters.withLock { $0.malformed += reader.malformed } }
        for message in reader.messages {
          cycle.hear(message)
          table.apply(message.body)
        }
      }
    }
  }
}
