/// What is on a terminal, and what has to be sent so that something else is: the lines that differ, and
/// nothing where none does (ECMA-48; the alternate screen is xterm's, DECSET 1049).
package struct WatchScreen {
  private var lines: [String] = []

  package init() {}

  /// The alternate screen, no cursor, and no line that runs over into the next.
  package static let enter = "\u{1b}[?1049h\u{1b}[?25l\u{1b}[?7l\u{1b}[2J"
  /// As it was.
  package static let leave = "\u{1b}[0m\u{1b}[?7h\u{1b}[?25h\u{1b}[?1049l"

  /// The next `update` sends everything: the size changed, or somebody else wrote.
  package mutating func forget() { lines = [] }

  package mutating func update(_ new: [String]) -> String {
    var text = lines.isEmpty ? "\u{1b}[2J" : ""
    for (number, line) in new.enumerated()
    where number >= lines.count ? !line.isEmpty || !lines.isEmpty : lines[number] != line {
      // The rest of the line is cleared first: at the right margin it would take the last character.
      text += "\u{1b}[\(number + 1);1H\u{1b}[2K\(line)"
    }
    lines = new
    return text
  }
}
