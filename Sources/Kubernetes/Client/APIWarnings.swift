internal import HTTPTransport
internal import Synchronization

/// What the API server warns of in `Warning:` headers, each told once.
///
/// Source: RFC 7234, section 5.5; Kubernetes uses code 299 alone.
final class APIWarnings: Sendable {
  let stream: AsyncStream<String>
  private let continuation: AsyncStream<String>.Continuation
  private let told = Mutex<[String]>([])
  /// A server that never warns of the same twice shall not fill the memory.
  private static let limit = 100

  init() {
    (stream, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(Self.limit))
  }

  deinit { continuation.finish() }

  /// All so far, in the order in which they came.
  var all: [String] { told.withLock { $0 } }

  func take(_ headers: [String]) {
    for header in headers {
      for text in Self.texts(in: header) {
        let isNew = told.withLock { told in
          guard told.count < Self.limit, !told.contains(text) else { return false }
          told.append(text)
          return true
        }
        if isNew { continuation.yield(text) }
      }
    }
  }

  /// The texts in one header, which may have several warnings: `299 - "a is deprecated", 299 - "b"`.
  static func texts(in header: String) -> [String] {
    var texts: [String] = []
    var characters = header[...]
    while let quote = characters.firstIndex(of: "\"") {
      characters = characters[characters.index(after: quote)...]
      var text = ""
      while let character = characters.popFirst(), character != "\"" {
        if character == "\\" {
          if let escaped = characters.popFirst() { text.append(escaped) }
        } else {
          text.append(character)
        }
      }
      // After the text there may be a date in quotes of its own.
      characters = characters[(characters.firstIndex(of: ",") ?? characters.endIndex)...]
      if !text.isEmpty { texts.append(text.oneLine) }
    }
    return texts
  }
}
