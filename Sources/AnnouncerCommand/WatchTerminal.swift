internal import Control
internal import Glibc
internal import LinuxSystem

/// The watch on a terminal: keys into the model, its lines onto the alternate screen.
struct WatchTerminal {
  let inbox: WatchInbox

  /// A key's octets come together; what follows an escape later than this is another key.
  private static let escapeMilliseconds: Int32 = 50
  /// Ages on the screen go on without news.
  private static let tickMilliseconds: Int32 = 1000

  /// Until a key or a signal ends it, or the terminal is gone; the terminal is then as it was.
  func run(hasColours: Bool) {
    // Without keys where standard input is something else.
    withRawTerminal(0) { hasKeys in
      if send(WatchScreen.enter) { loop(hasKeys: hasKeys, hasColours: hasColours) }
      _ = send(WatchScreen.leave)
    }
  }

  private func loop(hasKeys: Bool, hasColours: Bool) {
    var model = WatchModel()
    var screen = WatchScreen()
    var parser = WatchKeyParser()
    while true {
      let size = terminalSize(1) ?? (80, 24)
      let frame = model.frame(
        WatchModel.Size(width: size.width, height: size.height), now: .now,
        hasColours: hasColours)
      guard send(screen.update(frame)) else { return }

      let patience = parser.isWaiting ? Self.escapeMilliseconds : Self.tickMilliseconds
      let (events, ready) = inbox.wait(for: hasKeys ? [0] : [], milliseconds: patience)
      for event in events {
        switch event {
        case .status(let status, let note): model.take(status, note: note)
        case .trouble(let text): model.fail(text, at: .now)
        case .screenChanged: screen.forget()
        case .quit: return
        }
      }
      var keys: [WatchKey] = []
      if !ready.isEmpty {
        guard let octets = read() else { return }
        keys = parser.feed(octets)
      } else if parser.isWaiting && events.isEmpty {
        keys = parser.flush()
      }
      for key in keys {
        switch model.press(key) {
        case .quit: return
        case .drawAfresh: screen.forget()
        case .draw, .nothing: break
        }
      }
    }
  }

  /// What was typed; nil where the terminal is gone.
  private func read() -> ArraySlice<UInt8>? {
    var buffer = [UInt8](repeating: 0, count: 1024)
    let count = unsafe Glibc.read(0, &buffer, buffer.count)
    if count < 0 && (errno == EINTR || errno == EAGAIN) { return [] }
    return count > 0 ? buffer[..<count] : nil
  }

  private func send(_ text: String) -> Bool {
    guard !text.isEmpty else { return true }
    return (try? writeToStandardOutput(Array(text.utf8))) != nil
  }
}
