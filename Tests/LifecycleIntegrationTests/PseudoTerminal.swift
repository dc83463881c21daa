import CLinux
import Glibc
import LANTestKit
import LinuxSystem
import Synchronization

/// A terminal for a program under test (`pty(7)`): its keys, its size, and what stands on its screen.
final class PseudoTerminal: Sendable {
  private let keys: Descriptor
  /// Held open, so that the settings can be read when the program has ended.
  private let screen: Descriptor
  let path: String
  private let received = Mutex<[UInt8]>([])

  /// Source: `ioctl_tty(2)`; the macros do not import.
  private static let unlock: UInt = 0x4004_5431
  private static let number: UInt = 0x8004_5430

  init(width: UInt16, height: UInt16) throws {
    let keys = Descriptor(
      owning: try systemCall("open", "/dev/ptmx") {
        unsafe open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
      })
    var value: Int32 = 0
    try systemCall("TIOCSPTLCK") { unsafe ioctl(keys.rawValue, Self.unlock, &value) }
    try systemCall("TIOCGPTN") { unsafe ioctl(keys.rawValue, Self.number, &value) }
    let path = "/dev/pts/\(value)"
    screen = Descriptor(
      owning: try systemCall("open", path) { unsafe open(path, O_RDWR | O_NOCTTY | O_CLOEXEC) })
    self.path = path
    self.keys = keys
    resize(width: width, height: height)
    startThread(named: "pty") { [weak self] in
      while let terminal = self, terminal.read() {}
    }
  }

  /// Runs a command line on this terminal.
  func run(_ arguments: [String], on host: Host) throws -> RunningProcess {
    try host.spawn(
      ["sh", "-c", "exec \"$@\" 0<>\(path) 1>&0", "sh"] + arguments,
      environment: ["TERM": "xterm", "NO_COLOR": ""])
  }

  func type(_ text: String) throws {
    let octets = Array(text.utf8)
    try systemCall("write") { unsafe write(keys.rawValue, octets, octets.count) }
  }

  func resize(width: UInt16, height: UInt16) {
    var size = winsize(ws_row: height, ws_col: width, ws_xpixel: 0, ws_ypixel: 0)
    _ = unsafe ioctl(screen.rawValue, UInt(TIOCSWINSZ), &size)
  }

  /// Whether it shows what is typed and takes it by lines, as terminals do.
  var isOrdinary: Bool {
    var settings = termios()
    _ = unsafe tcgetattr(screen.rawValue, &settings)
    let flags = UInt32(ICANON | ECHO | ISIG)
    return settings.c_lflag & flags == flags
  }

  /// Everything that was sent to it.
  var output: String { String(decoding: received.withLock { $0 }, as: UTF8.self) }

  /// What stands on it, by the few sequences that the watch sends.
  var lines: [String] {
    var rows: [Int: String] = [:]
    var row = 1
    var rest = output.unicodeScalars[...]
    while let scalar = rest.popFirst() {
      guard scalar == "\u{1b}", rest.popFirst() == "[" else {
        rows[row, default: ""].unicodeScalars.append(scalar)
        continue
      }
      let body = rest.prefix { !$0.properties.isAlphabetic }
      rest = rest.dropFirst(body.count)
      let text = String(String.UnicodeScalarView(body))
      switch (rest.popFirst(), text) {
      case ("J", _): rows = [:]
      case ("K", _): rows[row] = ""
      case ("H", _): row = Int(text.split(separator: ";")[0]) ?? 1
      default: break
      }
    }
    return (1...max(1, rows.keys.max() ?? 1)).map { rows[$0] ?? "" }
  }

  private func read() -> Bool {
    var descriptor = pollfd(fd: keys.rawValue, events: Int16(POLLIN), revents: 0)
    // Not for ever: the last reference may be gone.
    guard unsafe poll(&descriptor, 1, 100) > 0 else { return true }
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let count = unsafe Glibc.read(keys.rawValue, &buffer, buffer.count)
    guard count > 0 else { return count < 0 && errno == EINTR }
    received.withLock { $0 += buffer[..<count] }
    return true
  }
}
