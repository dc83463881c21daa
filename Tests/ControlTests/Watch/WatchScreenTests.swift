import Control
import Testing

@Suite struct WatchScreenTests {
  private func text(_ row: Int, _ line: String) -> String { "\u{1b}[\(row);1H\u{1b}[2K\(line)" }

  @Test func onlyWhatDiffersIsSent() {
    var screen = WatchScreen()
    #expect(screen.update(["a", "", "c"]) == "\u{1b}[2J" + text(1, "a") + text(3, "c"))
    #expect(screen.update(["a", "", "c"]) == "")
    #expect(screen.update(["a", "b", ""]) == text(2, "b") + text(3, ""))
    screen.forget()
    #expect(screen.update(["a"]) == "\u{1b}[2J" + text(1, "a"))
    #expect(screen.update(["a", "b"]) == text(2, "b"))
  }
}
