/// A key that somebody pressed while watching.
package enum WatchKey: Hashable, Sendable {
  case character(Character)
  case enter, escape, backspace
  case up, down, pageUp, pageDown, home, end
  /// Ctrl-U: the whole text away.
  case clear
  /// Ctrl-L: the screen afresh.
  case redraw
  /// Ctrl-C.
  case interrupt
}

/// Reads keys from what a terminal sends (ECMA-48 control sequences, as xterm uses them).
///
/// The octet of the escape key begins every longer sequence too: whether it stands alone only time
/// tells, so that who reads calls `flush` when nothing follows.
package struct WatchKeyParser {
  private var pending: [UInt8] = []

  package init() {}

  /// Whether something waits for what follows.
  package var isWaiting: Bool { !pending.isEmpty }

  package mutating func feed(_ octets: some Sequence<UInt8>) -> [WatchKey] {
    pending += octets
    var keys: [WatchKey] = []
    while let (length, key) = next() {
      pending.removeFirst(length)
      if let key { keys.append(key) }
    }
    return keys
  }

  /// Takes what waits for what it is by itself.
  package mutating func flush() -> [WatchKey] {
    defer { pending = [] }
    return pending.first == 0x1b ? [.escape] : []
  }

  /// The first key of what waits and its octets; nil where it is not whole. A sequence that means
  /// nothing here has no key.
  private func next() -> (length: Int, key: WatchKey?)? {
    guard let first = pending.first else { return nil }
    if first == 0x1b { return sequence() }
    if first >= 0x80 { return character() }
    switch first {
    case 0x03: return (1, .interrupt)
    case 0x08, 0x7f: return (1, .backspace)
    case 0x0a, 0x0d: return (1, .enter)
    case 0x0c: return (1, .redraw)
    case 0x15: return (1, .clear)
    case 0x20...0x7e: return (1, .character(Character(Unicode.Scalar(first))))
    default: return (1, nil)
    }
  }

  private func sequence() -> (length: Int, key: WatchKey?)? {
    guard pending.count >= 2 else { return nil }
    // CSI, or SS3 from keypads in application mode; anything else is the key and then another.
    guard pending[1] == UInt8(ascii: "[") || pending[1] == UInt8(ascii: "O") else {
      return (1, .escape)
    }
    guard let end = pending.dropFirst(2).firstIndex(where: { (0x40...0x7e).contains($0) }) else {
      // No sequence is so long.
      return pending.count > 16 ? (pending.count, nil) : nil
    }
    let body = String(decoding: pending[2...end], as: UTF8.self)
    let keys: [String: WatchKey] = [
      "A": .up, "B": .down, "H": .home, "F": .end, "5~": .pageUp, "6~": .pageDown, "1~": .home,
      "4~": .end, "7~": .home, "8~": .end,
    ]
    return (end + 1, keys[body])
  }

  /// One scalar of UTF-8.
  private func character() -> (length: Int, key: WatchKey?)? {
    let length = pending[0] >= 0xf0 ? 4 : pending[0] >= 0xe0 ? 3 : pending[0] >= 0xc0 ? 2 : 1
    guard pending.count >= length else { return nil }
    guard let text = String(validating: pending.prefix(length), as: UTF8.self),
      let character = text.first, printable(text) == text
    else { return (length, nil) }
    return (length, .character(character))
  }
}
