internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix

/// A small HTTP server for scrapers and health checks: answers GET and HEAD, a few clients at a time.
///
/// It has a thread of its own and takes nothing from whoever answers on the LAN but what the `answer`
/// closure asks for.
package final class MetricsServer: Sendable {
  /// A request's path without its query, and what it accepts.
  package struct Request: Hashable, Sendable {
    package var path: String
    package var accept: String

    package init(path: String, accept: String) {
      self.path = path
      self.accept = accept
    }
  }

  package struct Answer: Hashable, Sendable {
    package var status: Int
    package var contentType: String
    package var body: [UInt8]

    package init(
      status: Int = 200, contentType: String = "text/plain; charset=utf-8", body: [UInt8]
    ) {
      self.status = status
      self.contentType = contentType
      self.body = body
    }

    /// A line or two of plain text.
    package init(status: Int = 200, body: String) {
      self.init(status: status, body: Array(body.utf8))
    }
  }

  package typealias Handler = @Sendable (Request) async -> Answer

  /// Where it listens: `127.0.0.1:9717`.
  package let place: String
  package let port: Int
  private let channel: any Channel
  private let group: MultiThreadedEventLoopGroup

  /// Connections at a time; those beyond are closed at once.
  static let mostConnections = 32
  /// How long a client may take to ask, and to read.
  static let patience = TimeAmount.seconds(10)

  /// Listens from now on.
  ///
  /// - Parameters:
  ///   - address: an IPv4 or IPv6 address.
  ///   - port: 0 for any.
  /// - Throws: `MetricsServerFailure`, a line that says what would be right.
  package init(address: String, port: Int, _ answer: @escaping Handler) async throws {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let connections = ConnectionCount()
    self.group = group
    do {
      channel = try await ServerBootstrap(group: group)
        .serverChannelOption(.backlog, value: 64)
        .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
        .childChannelInitializer { channel in
          channel.eventLoop.makeCompletedFuture {
            let pipeline = channel.pipeline.syncOperations
            try pipeline.addHandler(IdleStateHandler(allTimeout: Self.patience))
            try pipeline.configureHTTPServerPipeline(withPipeliningAssistance: true)
            try pipeline.addHandler(MetricsHandler(connections, answer))
          }
        }
        .bind(host: address, port: port).get()
    } catch {
      try? await group.shutdownGracefully()
      throw MetricsServerFailure(error, address: address, port: port)
    }
    self.port = channel.localAddress?.port ?? port
    place = address.contains(":") ? "[\(address)]:\(self.port)" : "\(address):\(self.port)"
  }

  /// Listens no more; connections end with their answers.
  package func stop() async {
    try? await channel.close()
    try? await group.shutdownGracefully()
  }
}
