import Testing

@testable import HTTPTransport

struct LineSplitterTests {
  @Test func linesComeInPiecesOfAnySize() throws {
    let text = Array("one\n\ntwo\nthree".utf8)
    for size in 1...text.count {
      var splitter = LineSplitter()
      var lines: [String] = []
      for start in stride(from: 0, to: text.count, by: size) {
        let piece = text[start..<min(start + size, text.count)]
        lines += try splitter.add(piece).map { String(decoding: $0, as: UTF8.self) }
      }
      #expect(lines == ["one", "two"])
      lines = try splitter.add([UInt8(ascii: "\n")]).map { String(decoding: $0, as: UTF8.self) }
      #expect(lines == ["three"])
    }
  }

  @Test func aLineWithoutEndIsCutOff() throws {
    for size in [1, 3, 11] {
      var splitter = LineSplitter(limit: 10)
      #expect(throws: LineSplitter.TooLong.self) {
        for _ in 0..<11 { _ = try splitter.add([UInt8](repeating: 0, count: size)) }
      }
    }
    var splitter = LineSplitter(limit: 10)
    _ = try splitter.add([UInt8](repeating: 0, count: 10))
    #expect(try splitter.add([10]).count == 1)
    #expect(throws: LineSplitter.TooLong.self) {
      try splitter.add([UInt8](repeating: 0, count: 11) + [10])
    }
  }
}
