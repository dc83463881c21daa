internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix

/// A small HTTP server for scrapers and health checks: answers GET and HEAD, a few clients at a time, and new ones
/// whatever the others do.
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

  /// What clients may take of the server, so that none takes it from the others (`ConnectionTable`).
  package struct Limits: Hashable, Sendable {
    /// Connections at a time; for one beyond, another one is closed.
    package var connections = 64
    /// Answers that are made at a time, those to probes not counted.
    package var made = 4
    /// Answers at a time that are made or that clients have not taken: each is kept in memory.
    package var untaken = 8
    /// How long others wait for a client that does not take its answer.
    package var patience = Duration.seconds(1)
    /// For a whole request, from the beginning of the connection or the end of the answer before.
    package var askingTime = Duration.seconds(10)
    /// For a whole answer, from the end of the request to the last octet.
    package var answeringTime = Duration.seconds(30)

    package init() {}
  }

  package typealias Handler = @Sendable (Request) async -> Answer

  /// Where it listens: `127.0.0.1:9717`.
  package let place: String
  package let port: Int
  private let channel: any Channel
  private let group: MultiThreadedEventLoopGroup

  /// Listens from now on.
  ///
  /// - Parameters:
  ///   - address: an IPv4 or IPv6 address.
  ///   - port: 0 for any.
  ///   - probes: paths that never wait for the answers to others.
  ///   - limits: other ones for tests.
  /// - Throws: `MetricsServerFailure`, a line that says what would be right.
  package init(
    address: String, port: Int, probes: Set<String> = [], limits: Limits = Limits(),
    _ answer: @escaping Handler
  ) async throws {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let connections = MetricsConnections(limits)
    self.group = group
    do {
      channel = try await ServerBootstrap(group: group)
        // The kernel bounds it (`net.core.somaxconn`). Beyond it a client tries again after a second.
        .serverChannelOption(.backlog, value: 4096)
        .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
        // So much of an answer is written at a time: others wait for no more.
        .childChannelOption(.socketOption(.so_sndbuf), value: 128 << 10)
        .childChannelInitializer { channel in
          channel.eventLoop.makeCompletedFuture {
            let pipeline = channel.pipeline.syncOperations
            try pipeline.configureHTTPServerPipeline(withPipeliningAssistance: true)
            try pipeline.addHandler(MetricsHandler(connections, probes: probes, answer))
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
