internal import NIOCore
internal import NIOHTTP1

/// The server's end of one connection: answers, streams and cuts it, from any thread.
///
/// Everything takes the way over the event loop's queue, so that what is sent under the server's lock leaves in
/// the lock's order.
final class Connection: Sendable {
  private let channel: any Channel

  init(_ channel: any Channel) { self.channel = channel }

  var eventLoop: any EventLoop { channel.eventLoop }

  func answer(_ answer: Answer, cutAfter limit: Int? = nil) {
    let head = head(answer)
    channel.eventLoop.execute { [self] in
      channel.write(HTTPServerResponsePart.head(head), promise: nil)
      guard let limit, limit < answer.body.count else {
        send(answer.body)
        channel.writeAndFlush(HTTPServerResponsePart.end(nil), promise: nil)
        return
      }
      send(Array(answer.body[..<limit]))
      channel.flush()
      channel.close(promise: nil)
    }
  }

  /// Begins an answer that goes on with `stream`.
  func begin(_ answer: Answer) {
    let head = head(answer, hasLength: false)
    channel.eventLoop.execute { [self] in
      channel.writeAndFlush(HTTPServerResponsePart.head(head), promise: nil)
    }
  }

  func stream(_ bytes: [UInt8]) {
    channel.eventLoop.execute { [self] in
      send(bytes)
      channel.flush()
    }
  }

  func endStream() {
    channel.eventLoop.execute { [self] in
      channel.writeAndFlush(HTTPServerResponsePart.end(nil), promise: nil)
    }
  }

  /// After all that was sent.
  func cut() {
    channel.eventLoop.execute { [self] in channel.close(promise: nil) }
  }

  func after(_ delay: Duration, _ body: @escaping @Sendable () -> Void) {
    let (seconds, attoseconds) = delay.components
    channel.eventLoop.scheduleTask(
      in: .nanoseconds(seconds * 1_000_000_000 + attoseconds / 1_000_000_000), body)
  }

  private func send(_ bytes: [UInt8]) {
    channel.write(
      HTTPServerResponsePart.body(.byteBuffer(ByteBuffer(bytes: bytes))), promise: nil)
  }

  private func head(_ answer: Answer, hasLength: Bool = true) -> HTTPResponseHead {
    var headers = HTTPHeaders(answer.headers)
    headers.replaceOrAdd(name: "Content-Type", value: answer.contentType)
    if hasLength { headers.add(name: "Content-Length", value: "\(answer.body.count)") }
    return HTTPResponseHead(
      version: .http1_1, status: HTTPResponseStatus(statusCode: answer.code), headers: headers)
  }
}

/// A whole answer, or the head of one that is streamed.
struct Answer: Sendable {
  var code = 200
  var headers: [(String, String)] = []
  var contentType = "application/json"
  var body: [UInt8] = []
}

extension Answer {
  init(_ error: APIError) {
    code = error.code
    body = error.status.bytes
    if let seconds = error.retryAfter { headers = [("Retry-After", "\(seconds)")] }
  }
}
