import Testing

@testable import FaultHarness

struct ChunkedBodyTests {
  private let chunked = Array(
    ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X\r\n\r\n"
      + "5\r\nhello\r\n1b;x=y\r\n\n{\"result\":{\"created\":true}\r\n0\r\nX: y\r\n\r\n").utf8)

  @Test(arguments: [1, 2, 3, 7, 1000]) func aBodyIsTheSameHoweverItIsCut(size: Int) throws {
    var body = ChunkedBody()
    var result: [UInt8] = []
    for start in stride(from: 0, to: chunked.count, by: size) {
      result += try body.take(chunked[start..<min(start + size, chunked.count)])
    }
    #expect(String(decoding: result, as: UTF8.self) == "hello\n{\"result\":{\"created\":true}")
    #expect(body.isComplete)
    #expect(body.status == 200)
  }

  @Test func withoutChunksTheBodyEndsWithTheConnection() throws {
    var body = ChunkedBody()
    let answer = Array("HTTP/1.1 503 Unavailable\r\nContent-Length: 2\r\n\r\n{}".utf8)
    #expect(try body.take(answer[...]) == Array("{}".utf8))
    #expect(!body.isComplete)
    #expect(body.status == 503)
  }

  @Test func whatIsNoHTTPIsRefused() {
    var body = ChunkedBody()
    #expect(throws: ChunkedBody.Failure.self) {
      try body.take(Array("SSH-2.0-x\r\n\r\n".utf8)[...])
    }
    var bad = ChunkedBody()
    #expect(throws: ChunkedBody.Failure.self) {
      try bad.take(
        Array("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n".utf8)[...])
    }
  }
}
