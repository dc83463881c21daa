internal import CLinux
internal import Glibc

/// How text for people is laid out: how wide, and whether in colour.
package struct TerminalStyle: Hashable, Sendable {
  /// Columns to stay within; nil where nobody looks at it line by line, and nothing is cut.
  package var width: Int?
  package var hasColours: Bool

  package init(width: Int?, hasColours: Bool) {
    self.width = width
    self.hasColours = hasColours
  }

  /// For what a descriptor leads to. Colours only on a terminal that can show them, and never where
  /// NO_COLOR is set to anything (no-color.org); a width only on a terminal, 80 where it says none.
  package init(descriptor: Int32 = 1, environment: [String: String]) {
    guard isatty(descriptor) == 1 else {
      self.init(width: nil, hasColours: false)
      return
    }
    var size = winsize()
    let isKnown = unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
    let isPlain = environment["NO_COLOR"].map { !$0.isEmpty } ?? false
    self.init(
      width: isKnown ? max(40, Int(size.ws_col)) : 80,
      hasColours: !isPlain && environment["TERM"] != "dumb")
  }

  /// What a piece of text means; the colours follow from it (ECMA-48, SGR).
  package enum Tone: String {
    case heading = "1"
    case good = "32"
    case quiet = "2"
    case caution = "33"
    case bad = "31"
    /// Bad, and not to be overlooked.
    case alarm = "1;31"
    /// It was otherwise a moment ago.
    case changed = "7"
  }

  package func paint(_ text: String, _ tone: Tone?) -> String {
    guard hasColours, let tone, !text.isEmpty else { return text }
    return "\u{1b}[\(tone.rawValue)m\(text)\u{1b}[0m"
  }
}
