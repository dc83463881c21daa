package import AsyncHTTPClient
internal import Glibc
internal import NIOCore
internal import NIOPosix

/// The two HTTP clients of a server that holds leases, and the thread they share.
///
/// Renewals have one of their own, so that they never wait behind other calls. HTTP/1.1, because a
/// call that times out then takes its connection with it, and the next has a new one; an HTTP/2
/// connection that leads nowhere would hold all calls.
package final class HTTPClients: Sendable {
  package let renewals: HTTPClient
  package let others: HTTPClient
  private let group: MultiThreadedEventLoopGroup

  /// - Parameter configure: sets TLS, a proxy and what else only the caller knows.
  package init(_ configure: (inout HTTPClient.Configuration) -> Void) {
    var configuration = HTTPClient.Configuration()
    configuration.httpVersion = .http1Only
    configuration.redirectConfiguration = .disallow
    configuration.decompression = .disabled
    // Every use has a time limit of its own.
    configuration.timeout = HTTPClient.Configuration.Timeout(connect: .milliseconds(800))
    configuration.connectionPool.retryConnectionEstablishment = false
    configuration.connectionPool.idleTimeout = .seconds(30)
    configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 32
    configuration.http1_1ConnectionDebugInitializer = Self.watchOver
    configure(&configuration)
    group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    others = HTTPClient(eventLoopGroupProvider: .shared(group), configuration: configuration)
    configuration.timeout.connect = .milliseconds(400)
    renewals = HTTPClient(eventLoopGroupProvider: .shared(group), configuration: configuration)
  }

  deinit {
    let (renewals, others, group) = (renewals, others, group)
    Task {
      try? await renewals.shutdown()
      try? await others.shutdown()
      try? await group.shutdownGracefully()
    }
  }

  /// Has the kernel notice within some three seconds that nobody is there any more: a watch that was
  /// cut silently would stay silent for ever, and an idle connection would cost a call its time.
  ///
  /// Source: `tcp(7)`, TCP_KEEPIDLE and TCP_USER_TIMEOUT.
  @Sendable
  private static func watchOver(_ channel: any Channel) -> EventLoopFuture<Void> {
    @Sendable func tcp(_ name: Int32) -> ChannelOptions.Types.SocketOption {
      ChannelOptions.Types.SocketOption(
        level: .tcp, name: NIOBSDSocket.Option(rawValue: name))
    }
    return channel.setOption(.socketOption(.so_keepalive), value: 1)
      .flatMap { channel.setOption(tcp(TCP_KEEPIDLE), value: 1) }
      .flatMap { channel.setOption(tcp(TCP_KEEPINTVL), value: 1) }
      .flatMap { channel.setOption(tcp(TCP_KEEPCNT), value: 2) }
      .flatMap { channel.setOption(tcp(TCP_USER_TIMEOUT), value: 2500) }
      // Not a socket of TCP's: nothing to watch over.
      .flatMapErrorWithEventLoop { _, loop in loop.makeSucceededVoidFuture() }
  }
}
