/// Takes the body out of an HTTP/1.1 answer as it comes, cut anywhere (RFC 9112 §7.1): chunked, or
/// up to the end of the connection.
struct ChunkedBody {
  enum Failure: Error { case malformed }

  /// The status code, once the head is complete.
  private(set) var status: Int?
  private(set) var isComplete = false
  private var pending: [UInt8] = []
  private var isChunked = false
  /// What is left of the current chunk, its line end included.
  private var chunk = 0

  /// Takes the next octets of the connection; what they add to the body.
  mutating func take(_ octets: ArraySlice<UInt8>) throws -> [UInt8] {
    pending += octets
    if status == nil {
      guard try takeHead() else { return [] }
    }
    guard isChunked else {
      defer { pending = [] }
      return pending
    }
    var body: [UInt8] = []
    while !isComplete, try takeChunk(into: &body) {}
    return body
  }

  private mutating func takeHead() throws -> Bool {
    let end: [UInt8] = [13, 10, 13, 10]
    guard
      let position = pending.indices.first(where: { pending[$0...].starts(with: end) })
    else { return false }
    let head = String(decoding: pending[..<position], as: UTF8.self).lowercased()
    pending.removeFirst(position + end.count)
    guard head.hasPrefix("http/1.1 "), let code = Int(head.dropFirst(9).prefix(3)) else {
      throw Failure.malformed
    }
    status = code
    isChunked = head.contains("transfer-encoding: chunked")
    return true
  }

  /// Whether there may be more to take.
  private mutating func takeChunk(into body: inout [UInt8]) throws -> Bool {
    if chunk == 0 {
      guard let end = pending.firstIndex(of: 10) else { return false }
      let line = String(decoding: pending[..<end], as: UTF8.self)
      guard let size = Int(line.prefix { $0.isHexDigit }, radix: 16) else {
        throw Failure.malformed
      }
      pending.removeFirst(end + 1)
      // Trailers follow the last chunk; nobody needs them.
      isComplete = size == 0
      chunk = size + 2
      return !isComplete
    }
    guard !pending.isEmpty else { return false }
    let count = min(chunk, pending.count)
    body += pending.prefix(max(0, min(count, chunk - 2)))
    pending.removeFirst(count)
    chunk -= count
    return true
  }
}
