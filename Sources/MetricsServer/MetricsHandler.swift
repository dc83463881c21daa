internal import NIOCore
internal import NIOHTTP1

/// How many connections there are; touched on the one event loop alone.
final class ConnectionCount: @unchecked Sendable {
  var value = 0
}

/// One connection: answers a request at a time.
final class MetricsHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private let connections: ConnectionCount
  private let answer: MetricsServer.Handler
  private var head: HTTPRequestHead?
  private var work: Task<Void, Never>?

  init(_ connections: ConnectionCount, _ answer: @escaping MetricsServer.Handler) {
    self.connections = connections
    self.answer = answer
  }

  func channelActive(context: ChannelHandlerContext) {
    connections.value += 1
    if connections.value > MetricsServer.mostConnections { context.close(promise: nil) }
    context.fireChannelActive()
  }

  func channelInactive(context: ChannelHandlerContext) {
    connections.value -= 1
    work?.cancel()
    context.fireChannelInactive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head): self.head = head
    // Nobody who asks properly sends one.
    case .body: context.close(promise: nil)
    case .end:
      guard let head else { return }
      self.head = nil
      respond(to: head, context: context)
    }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if event is IdleStateHandler.IdleStateEvent {
      context.close(promise: nil)
    } else {
      context.fireUserInboundEventTriggered(event)
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }

  private func respond(to head: HTTPRequestHead, context: ChannelHandlerContext) {
    let isHead = head.method == .HEAD
    guard isHead || head.method == .GET else {
      let answer = MetricsServer.Answer(status: 405, body: "GET and HEAD only\n")
      return write(answer, isHead: false, keepsAlive: head.isKeepAlive, context: context)
    }
    let request = MetricsServer.Request(
      path: String(head.uri.prefix { $0 != "?" }),
      accept: head.headers["Accept"].joined(separator: ","))
    let loopBound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    let (answer, loop) = (answer, context.eventLoop)
    let keepsAlive = head.isKeepAlive
    work = Task {
      let result = await answer(request)
      loop.execute {
        let (handler, context) = loopBound.value
        guard context.channel.isActive else { return }
        handler.write(result, isHead: isHead, keepsAlive: keepsAlive, context: context)
      }
    }
  }

  private func write(
    _ answer: MetricsServer.Answer, isHead: Bool, keepsAlive: Bool, context: ChannelHandlerContext
  ) {
    var headers = HTTPHeaders()
    headers.add(name: "Content-Type", value: answer.contentType)
    headers.add(name: "Content-Length", value: "\(answer.body.count)")
    headers.add(name: "Cache-Control", value: "no-store")
    if !keepsAlive { headers.add(name: "Connection", value: "close") }
    let head = HTTPResponseHead(
      version: .http1_1, status: HTTPResponseStatus(statusCode: answer.status), headers: headers)
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    if !isHead {
      let buffer = context.channel.allocator.buffer(bytes: answer.body)
      context.write(wrapOutboundOut(.body(.byteBuffer(buffer))), promise: nil)
    }
    let written = context.writeAndFlush(wrapOutboundOut(.end(nil)))
    if !keepsAlive {
      let channel = context.channel
      written.whenComplete { _ in channel.close(promise: nil) }
    }
  }
}
