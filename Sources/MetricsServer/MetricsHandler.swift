internal import Glibc
internal import NIOCore
internal import NIOHTTP1

/// One connection: answers a request at a time, each within a time limit.
final class MetricsHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private let connections: MetricsConnections
  private let probes: Set<String>
  private let answer: MetricsServer.Handler
  private var id = 0
  private var context: ChannelHandlerContext?
  private var head: HTTPRequestHead?
  /// The request that waits for its answer.
  private var asked: HTTPRequestHead?
  private var work: Task<Void, Never>?
  /// Of what is under way: the whole request, or the whole answer, however many octets come meanwhile.
  private var limit: Scheduled<Void>?

  init(
    _ connections: MetricsConnections, probes: Set<String>,
    _ answer: @escaping MetricsServer.Handler
  ) {
    self.connections = connections
    self.probes = probes
    self.answer = answer
  }

  func channelActive(context: ChannelHandlerContext) {
    self.context = context
    id = connections.open(self, from: context.remoteAddress?.ipAddress ?? "")
    limitTime(to: connections.limits.askingTime, context)
    context.fireChannelActive()
  }

  func channelInactive(context: ChannelHandlerContext) {
    self.context = nil
    limit?.cancel()
    connections.close(id)
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
      asked = head
      limitTime(to: connections.limits.answeringTime, context)
      connections.ask(id, isProbe: isProbe(head))
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }

  /// Its time is over, or another connection needs the room. What its client has not taken is no longer kept for it,
  /// in the kernel neither.
  func end() {
    guard let context else { return }
    let atOnce = linger(l_onoff: 1, l_linger: 0)
    _ = (context.channel as? any SocketOptionProvider)?.setSoLinger(atOnce)
    context.close(promise: nil)
  }

  /// Makes the answer to the request that waits.
  func make() {
    guard let context, let head = asked else { return }
    asked = nil
    let isProbe = isProbe(head)
    let isHead = head.method == .HEAD
    guard isHead || head.method == .GET else {
      connections.ended(isProbe: isProbe)
      let answer = MetricsServer.Answer(status: 405, body: "GET and HEAD only\n")
      let body = ByteBuffer(bytes: answer.body)
      return write(answer, body, isHead: false, keepsAlive: head.isKeepAlive, context: context)
    }
    let request = MetricsServer.Request(
      path: Self.path(head), accept: head.headers["Accept"].joined(separator: ","))
    let loopBound = NIOLoopBound(self, eventLoop: context.eventLoop)
    let (answer, loop) = (answer, context.eventLoop)
    let keepsAlive = head.isKeepAlive
    work = Task {
      let result = await answer(request)
      // Here, because megabytes are copied.
      let body = ByteBuffer(bytes: result.body)
      loop.execute {
        let handler = loopBound.value
        if let context = handler.context {
          handler.write(result, body, isHead: isHead, keepsAlive: keepsAlive, context: context)
        }
        handler.connections.ended(isProbe: isProbe)
      }
    }
  }

  private func isProbe(_ head: HTTPRequestHead) -> Bool { probes.contains(Self.path(head)) }

  private static func path(_ head: HTTPRequestHead) -> String {
    String(head.uri.prefix { $0 != "?" })
  }

  private func limitTime(to time: Duration, _ context: ChannelHandlerContext) {
    limit?.cancel()
    let loopBound = NIOLoopBound(self, eventLoop: context.eventLoop)
    limit = context.eventLoop.scheduleTask(in: TimeAmount(time)) { loopBound.value.end() }
  }

  private func write(
    _ answer: MetricsServer.Answer, _ body: ByteBuffer, isHead: Bool, keepsAlive: Bool,
    context: ChannelHandlerContext
  ) {
    connections.answer(id)
    let owner = NIOLoopBound(self, eventLoop: context.eventLoop)
    let patience = context.eventLoop.scheduleTask(in: TimeAmount(connections.limits.patience)) {
      owner.value.connections.slow(owner.value.id)
    }
    var headers = HTTPHeaders()
    headers.add(name: "Content-Type", value: answer.contentType)
    headers.add(name: "Content-Length", value: "\(body.readableBytes)")
    headers.add(name: "Cache-Control", value: "no-store")
    if !keepsAlive { headers.add(name: "Connection", value: "close") }
    let head = HTTPResponseHead(
      version: .http1_1, status: HTTPResponseStatus(statusCode: answer.status), headers: headers)
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    if !isHead {
      context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
    }
    context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in
      patience.cancel()
      let handler = owner.value
      guard let context = handler.context else { return }
      if !keepsAlive { return context.close(promise: nil) }
      handler.connections.answered(handler.id)
      handler.limitTime(to: handler.connections.limits.askingTime, context)
    }
  }
}
