import CLinux
import Control
import Glibc
import Testing

struct TerminalStyleTests {
  /// A terminal that nobody sits at: the two ends of a pseudo-terminal.
  private func withTerminal(_ body: (Int32) -> Void) throws {
    let main = unsafe open("/dev/ptmx", O_RDWR | O_NOCTTY)
    try #require(main >= 0)
    // TIOCSPTLCK and TIOCGPTN (`asm-generic/ioctls.h`), which are macros.
    var (locked, number) = (Int32(0), Int32(0))
    _ = unsafe ioctl(main, 0x4004_5431, &locked)
    _ = unsafe ioctl(main, 0x8004_5430, &number)
    let terminal = unsafe open("/dev/pts/\(number)", O_RDWR | O_NOCTTY)
    try #require(terminal >= 0)
    defer {
      close(terminal)
      close(main)
    }
    body(terminal)
  }

  @Test func aTerminalHasColoursUnlessSomebodyObjects() throws {
    try withTerminal { terminal in
      func style(_ environment: [String: String]) -> TerminalStyle {
        TerminalStyle(descriptor: terminal, environment: environment)
      }
      #expect(style(["TERM": "xterm"]) == TerminalStyle(width: 80, hasColours: true))
      #expect(style(["TERM": "xterm", "NO_COLOR": "1"]).hasColours == false)
      #expect(style(["TERM": "xterm", "NO_COLOR": ""]).hasColours == true)
      #expect(style(["TERM": "dumb"]).hasColours == false)
      var size = winsize(ws_row: 24, ws_col: 132, ws_xpixel: 0, ws_ypixel: 0)
      _ = unsafe ioctl(terminal, UInt(TIOCSWINSZ), &size)
      #expect(style([:]).width == 132)
    }
  }

  @Test func aPipeHasNeitherColoursNorAWidth() {
    var ends: [Int32] = [0, 0]
    _ = unsafe pipe(&ends)
    defer { for end in ends { close(end) } }
    #expect(
      TerminalStyle(descriptor: ends[1], environment: ["TERM": "xterm"])
        == TerminalStyle(width: nil, hasColours: false))
  }
}
