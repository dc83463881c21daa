import NIOCore
import NIOPosix
import Synchronization

/// An HTTP proxy on loopback that knows CONNECT alone.
final class ConnectProxy: Sendable {
  private let channel: any Channel
  private let group: MultiThreadedEventLoopGroup
  private let record: Record
  let port: Int

  fileprivate final class Record: Sendable {
    let heads = Mutex<[String]>([])
  }

  /// The heads of the requests so far.
  var heads: [String] { record.heads.withLock { $0 } }

  init() async throws {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let record = Record()
    self.group = group
    self.record = record
    channel = try await ServerBootstrap(group: group)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(ConnectHandler(record))
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    port = channel.localAddress?.port ?? 0
  }

  func stop() async {
    try? await channel.close()
    try? await group.shutdownGracefully()
  }
}

/// Passes on to a server what comes after the request's head.
private final class ConnectHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let record: ConnectProxy.Record
  private var head = ""
  private var server: (any Channel)?

  init(_ record: ConnectProxy.Record) { self.record = record }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let buffer = unwrapInboundIn(data)
    if let server { return server.writeAndFlush(buffer, promise: nil) }
    head += String(buffer: buffer)
    guard head.hasSuffix("\r\n\r\n") else { return }
    record.heads.withLock { [head] in $0.append(head) }
    let target = head.split(separator: " ").dropFirst().first?.split(separator: ":") ?? []
    guard head.hasPrefix("CONNECT "), target.count == 2, let port = Int(target[1]) else {
      return context.close(promise: nil)
    }
    let client = context.channel
    let this = NIOLoopBound(self, eventLoop: context.eventLoop)
    ClientBootstrap(group: context.eventLoop)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(BackHandler(client))
        }
      }
      .connect(host: String(target[0]), port: port)
      .whenSuccess { server in
        this.value.server = server
        client.writeAndFlush(ByteBuffer(string: "HTTP/1.1 200 OK\r\n\r\n"), promise: nil)
      }
  }

  func channelInactive(context: ChannelHandlerContext) { server?.close(promise: nil) }
}

private final class BackHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let client: any Channel
  init(_ client: any Channel) { self.client = client }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    client.writeAndFlush(unwrapInboundIn(data), promise: nil)
  }

  func channelInactive(context: ChannelHandlerContext) { client.close(promise: nil) }
}
