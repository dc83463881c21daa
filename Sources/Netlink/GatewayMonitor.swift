package import Announcer
internal import CLinux
internal import Glibc
package import LinuxSystem
internal import Synchronization

/// Follows the routers of the default routes of one network namespace.
///
/// A change of a default route, or of a link, whose end takes routes along without a word (IPv4), is a reason to list
/// them again: never sooner than a pause after the last time, since a node may have very many routes.
package final class GatewayMonitor: Sendable {
  /// The routers: once when they were listed first, then after each change. For one reader.
  package let gateways: AsyncStream<Set<Gateway>>

  private let continuation: AsyncStream<Set<Gateway>>.Continuation
  private let socket: RouteSocket
  /// Lists, so that nothing of a list is among the news.
  private let lister: RouteSocket
  private let stopSignal: StopSignal
  private let listed = Atomic<Int>(0)

  /// In milliseconds, between two lists.
  private static let pause: Int32 = 100
  /// Likewise, after one that failed.
  private static let retryInterval: Int32 = 1000

  /// Subscribes, in the network namespace of the calling thread. Changes are kept from here on.
  package init() throws(SystemError) {
    socket = try RouteSocket(groups: [.ipv4Routes, .ipv6Routes, .links])
    lister = try RouteSocket(groups: [])
    stopSignal = try StopSignal()
    (gateways, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  /// Follows the namespace until `stop()`, or until the task is cancelled. Call it once.
  ///
  /// - Throws: `SystemError` where the socket itself fails; the stream then ends too.
  package func run() async throws {
    defer { continuation.finish() }
    try await withTaskCancellationHandler {
      try await withThread(named: "gateways") { () throws(SystemError) in try self.follow() }
    } onCancel: {
      stop()
    }
  }

  /// Ends `run()`. Safe from any thread, and before `run()`.
  package func stop() { stopSignal.raise() }

  /// How often they were listed.
  package var listings: Int { listed.load(ordering: .relaxed) }

  private func follow() throws(SystemError) {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    var published: Set<Gateway>?
    var isStale = true
    var lists: UInt32 = 0
    while true {
      if isStale {
        // What cannot be listed holds nothing up: a router is then learnt of as any other station is.
        lists &+= 1
        listed.store(Int(lists), ordering: .relaxed)
        let found = try? defaultGateways(by: lister, sequence: lists)
        isStale = found == nil
        let known = found ?? published ?? []
        if known != published {
          continuation.yield(known)
          published = known
        }
        var stop = [pollfd(fd: stopSignal.fileDescriptor, events: Int16(POLLIN), revents: 0)]
        let pause = isStale ? Self.retryInterval : Self.pause
        _ = try systemCall("poll") { unsafe poll(&stop, 1, pause) }
        if stop[0].revents != 0 { return }
      }
      var sources = [
        pollfd(fd: socket.fileDescriptor, events: Int16(POLLIN), revents: 0),
        pollfd(fd: stopSignal.fileDescriptor, events: Int16(POLLIN), revents: 0),
      ]
      let patience: Int32 = isStale ? 0 : -1
      _ = try systemCall("poll") { unsafe poll(&sources, 2, patience) }
      if sources[1].revents != 0 { return }
      if try drain(&buffer) { isStale = true }
    }
  }

  /// Takes what is waiting, up to a limit. True where something of it may have changed the routers.
  private func drain(_ buffer: inout [UInt8]) throws(SystemError) -> Bool {
    var isNews = false
    for _ in 0..<256 {
      switch try socket.receive(into: &buffer) {
      case .empty: return isNews
      case .overrun: isNews = true
      case .messages(let reader):
        isNews =
          isNews || reader.malformed > 0 || reader.messages.contains(where: \.isAboutGateways)
      }
    }
    return isNews
  }
}

extension RouteMessage {
  fileprivate var isAboutGateways: Bool {
    switch body {
    case .defaultRoute, .newLink, .deleteLink: true
    default: false
    }
  }
}
