internal import NIOCore
internal import NIOHTTP1
internal import NIOSSL

/// Puts the requests of one connection together and hands them to the server.
final class ConnectionHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private let core: ServerCore
  private var connection: Connection?
  private var head: HTTPRequestHead?
  private var body: [UInt8] = []

  init(_ core: ServerCore) { self.core = core }

  func channelActive(context: ChannelHandlerContext) {
    let new = Connection(context.channel)
    connection = new
    core.opened(new)
    context.fireChannelActive()
  }

  func channelInactive(context: ChannelHandlerContext) {
    if let connection { core.closed(connection) }
    context.fireChannelInactive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let new):
      head = new
      body = []
    case .body(let part): body += part.readableBytesView
    case .end:
      guard let head, let connection else { return }
      let certificate = try? context.pipeline.syncOperations
        .handler(type: NIOSSLServerHandler.self).peerCertificate
      core.take(
        HTTPCall(
          method: head.method.rawValue, uri: head.uri,
          headers: Dictionary(head.headers.map { ($0.name.lowercased(), $0.value) }) { first, _ in
            first
          }, body: body, hasCertificate: certificate != nil),
        connection)
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }
}

/// A request as it came.
struct HTTPCall: Sendable {
  let method: String
  let uri: String
  /// By names in lower case.
  let headers: [String: String]
  let body: [UInt8]
  /// The client showed a certificate of our authority.
  let hasCertificate: Bool

  var path: String { String(uri.split(separator: "?", maxSplits: 1).first ?? "/") }

  var query: [String: String] {
    let parts = uri.split(separator: "?", maxSplits: 1)
    guard parts.count == 2 else { return [:] }
    return Dictionary(
      parts[1].split(separator: "&").map { pair in
        let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        return (Self.decoded(sides[0]), sides.count == 2 ? Self.decoded(sides[1]) : "")
      }
    ) { first, _ in first }
  }

  private static func decoded(_ text: Substring) -> String {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%"), rest.count >= 2,
        let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
      {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
