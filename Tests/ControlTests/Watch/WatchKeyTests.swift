import Control
import Testing

@Suite struct WatchKeyTests {
  private func keys(_ octets: [UInt8]) -> [WatchKey] {
    var parser = WatchKeyParser()
    return parser.feed(octets) + parser.flush()
  }

  @Test func lettersAndControls() {
    #expect(
      keys(Array("q/é".utf8)) == [.character("q"), .character("/"), .character("é")])
    #expect(
      keys([0x03, 0x7f, 0x08, 0x0d, 0x0c, 0x15])
        == [.interrupt, .backspace, .backspace, .enter, .redraw, .clear])
    #expect(keys([0x01, 0x80, 0xff]).isEmpty)
  }

  @Test(arguments: [
    ("[A", WatchKey.up), ("[B", .down), ("OA", .up), ("OB", .down), ("[5~", .pageUp),
    ("[6~", .pageDown), ("[H", .home), ("[F", .end), ("[1~", .home), ("[4~", .end),
  ])
  func sequences(text: String, key: WatchKey) {
    #expect(keys([0x1b] + Array(text.utf8)) == [key])
  }

  @Test func unknownSequencesAreNothing() {
    #expect(keys([0x1b] + Array("[1;5Cq".utf8)) == [.character("q")])
    #expect(keys([0x1b] + Array("[?25".utf8)) == [.escape], "cut off: only the key is left")
  }

  /// A terminal may send a sequence in pieces; alone, the first octet is the key.
  @Test func anEscapeWaitsForWhatFollows() {
    var parser = WatchKeyParser()
    #expect(parser.feed([0x1b]).isEmpty && parser.isWaiting)
    #expect(parser.feed(Array("[".utf8)).isEmpty && parser.isWaiting)
    #expect(parser.feed(Array("A".utf8)) == [.up] && !parser.isWaiting)
    #expect(parser.feed([0x1b]).isEmpty)
    #expect(parser.flush() == [.escape] && !parser.isWaiting)
    #expect(parser.feed([0x1b] + Array("q".utf8)) == [.escape, .character("q")])
    #expect(parser.feed([0xc3]).isEmpty)
    #expect(parser.feed([0xa9]) == [.character("é")])
  }
}
