import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Synchronization

/// An HTTP server on loopback whose every answer is the test's: good ones, bad ones, slow ones, none.
final class ScriptedAPI: Sendable {
  struct Request: Sendable {
    var method: String
    /// Without the query.
    var path: String
    /// As it came, still encoded.
    var query: String
    var headers: HTTPHeaders
    var body: String
    /// The common name of the client's certificate; nil for none.
    var clientCertificate: String?

    /// A field of the query, decoded.
    subscript(_ name: String) -> String? {
      for field in query.split(separator: "&") where field.hasPrefix("\(name)=") {
        return String(field.dropFirst(name.utf8.count + 1)).removingPercentEncoding
      }
      return nil
    }
  }

  typealias Answer = @Sendable (Request, Exchange) async -> Void

  let port: Int
  let isSecure: Bool
  private let channel: any Channel
  private let group: MultiThreadedEventLoopGroup
  private let record: Record

  final class Record: Sendable {
    let requests = Mutex<[Request]>([])
    let exchanges = Mutex<[Exchange]>([])
  }

  /// - Parameter tls: what to speak TLS with; nil for plain http.
  init(tls: TLSConfiguration? = nil, _ answer: @escaping Answer) async throws {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let record = Record()
    let context = try tls.map { try NIOSSLContext(configuration: $0) }
    self.group = group
    self.record = record
    isSecure = tls != nil
    channel = try await ServerBootstrap(group: group)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let pipeline = channel.pipeline.syncOperations
          if let context { try pipeline.addHandler(NIOSSLServerHandler(context: context)) }
          try pipeline.configureHTTPServerPipeline()
          try pipeline.addHandler(ScriptedHandler(record, answer))
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    port = channel.localAddress?.port ?? 0
  }

  var url: String { "\(isSecure ? "https" : "http")://127.0.0.1:\(port)" }

  var requests: [Request] { record.requests.withLock { $0 } }
  func requests(to path: String) -> [Request] { requests.filter { $0.path == path } }

  /// Cuts all connections that have been used so far.
  func cut() {
    let all = record.exchanges.withLock { exchanges in
      defer { exchanges = [] }
      return exchanges
    }
    for exchange in all { exchange.cut() }
  }

  func stop() async {
    try? await channel.close()
    cut()
    try? await group.shutdownGracefully()
  }

  /// Runs a test against a server.
  static func run(
    tls: TLSConfiguration? = nil, answer: @escaping Answer,
    _ body: (ScriptedAPI) async throws -> Void
  ) async throws {
    let server = try await ScriptedAPI(tls: tls, answer)
    do {
      try await body(server)
    } catch {
      await server.stop()
      throw error
    }
    await server.stop()
  }
}

/// One request's way back.
final class Exchange: Sendable {
  private let channel: any Channel

  init(_ channel: any Channel) { self.channel = channel }

  /// A whole answer.
  func answer(
    _ body: String, status: Int = 200, headers: [(String, String)] = []
  ) {
    var head = HTTPHeaders([("Content-Type", "application/json")] + headers)
    head.add(name: "Content-Length", value: "\(body.utf8.count)")
    write(.head(.init(version: .http1_1, status: .init(statusCode: status), headers: head)))
    send(body)
    end()
  }

  /// The head of an answer whose body comes bit by bit.
  func open() {
    write(.head(.init(version: .http1_1, status: .ok)))
  }

  func send(_ text: String) { write(.body(.byteBuffer(ByteBuffer(string: text)))) }
  func end() { write(.end(nil)) }

  /// Octets beside HTTP.
  func cut() { channel.close(mode: .all, promise: nil) }

  /// Waits until the client is gone.
  func closed() async { try? await channel.closeFuture.get() }

  var isOpen: Bool { channel.isActive }

  /// Sends for as long as the client takes it.
  func sendForEver(_ text: String) async {
    while channel.isActive {
      let part = HTTPServerResponsePart.body(.byteBuffer(ByteBuffer(string: text)))
      guard (try? await channel.writeAndFlush(part)) != nil else { return }
    }
  }

  private func write(_ part: HTTPServerResponsePart) {
    channel.writeAndFlush(part, promise: nil)
  }
}

private final class ScriptedHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart

  private let record: ScriptedAPI.Record
  private let answer: ScriptedAPI.Answer
  private var head: HTTPRequestHead?
  private var body = ""

  init(_ record: ScriptedAPI.Record, _ answer: @escaping ScriptedAPI.Answer) {
    self.record = record
    self.answer = answer
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head): (self.head, body) = (head, "")
    case .body(let buffer): body += String(buffer: buffer)
    case .end:
      guard let head else { return }
      let parts = head.uri.split(separator: "?", maxSplits: 1).map(String.init)
      let tls = try? context.pipeline.syncOperations.handler(type: NIOSSLServerHandler.self)
      let request = ScriptedAPI.Request(
        method: head.method.rawValue, path: parts.first ?? "",
        query: parts.count > 1 ? parts[1] : "",
        headers: head.headers, body: body,
        clientCertificate: tls?.peerCertificate.map { "\($0)" })
      let exchange = Exchange(context.channel)
      record.requests.withLock { $0.append(request) }
      record.exchanges.withLock { $0.append(exchange) }
      let answer = answer
      Task { await answer(request, exchange) }
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }
}

extension String {
  var removingPercentEncoding: String? {
    var octets: [UInt8] = []
    var rest = utf8[...]
    while let octet = rest.popFirst() {
      guard octet == UInt8(ascii: "%") else {
        octets.append(octet)
        continue
      }
      guard let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) else {
        return nil
      }
      octets.append(value)
      rest = rest.dropFirst(2)
    }
    return String(decoding: octets, as: UTF8.self)
  }
}
