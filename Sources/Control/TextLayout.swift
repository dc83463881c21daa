/// Fits text into columns.
enum TextLayout {
  /// Cut to `width` characters, with an ellipsis as the last one where something is missing.
  static func cut(_ text: String, to width: Int?) -> String {
    guard let width, text.count > width else { return text }
    return width < 1 ? "" : "\(text.prefix(width - 1))…"
  }

  static func padded(_ text: String, to width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  static func rightAligned(_ text: String, to width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }

  /// The text in lines of at most `width` characters less `indent`, broken at spaces, or inside a
  /// word that is longer than a line.
  static func wrap(_ text: String, width: Int?, indent: Int) -> [String] {
    guard let width else { return [text] }
    let room = max(16, width - indent)
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
      var word = String(word)
      if !line.isEmpty, line.count + 1 + word.count <= room {
        line += " \(word)"
        continue
      }
      if !line.isEmpty { lines.append(line) }
      while word.count > room {
        lines.append(String(word.prefix(room)))
        word = String(word.dropFirst(room))
      }
      line = word
    }
    if !line.isEmpty || lines.isEmpty { lines.append(line) }
    return lines
  }

  /// A label in a column of its own and a text that hangs beside it.
  static func item(_ label: String, _ text: String, labelWidth: Int, width: Int?) -> [String] {
    let lines = wrap(text, width: width, indent: labelWidth)
    return lines.enumerated().map { index, line in
      padded(index == 0 ? label : "", to: labelWidth) + line
    }
  }

  /// How long ago, in the two largest units: `45s`, `3m12s`, `5h7m`, `12d3h`. A time that lies
  /// ahead, because somebody set the clock, is now.
  static func age(of time: WallTime, at now: WallTime) -> String {
    let (difference, overflow) = now.nanoseconds.subtractingReportingOverflow(time.nanoseconds)
    let seconds = overflow ? 0 : max(0, difference / 1_000_000_000)
    switch seconds {
    case ..<60: return "\(seconds)s"
    case ..<3600: return two(seconds / 60, "m", seconds % 60, "s")
    case ..<86_400: return two(seconds / 3600, "h", seconds % 3600 / 60, "m")
    default: return two(seconds / 86_400, "d", seconds % 86_400 / 3600, "h")
    }
  }

  private static func two(_ major: Int64, _ unit: String, _ minor: Int64, _ other: String) -> String
  {
    minor == 0 ? "\(major)\(unit)" : "\(major)\(unit)\(minor)\(other)"
  }

  /// `1 address`, `2 addresses`.
  static func count(_ number: some BinaryInteger, _ one: String, _ many: String) -> String {
    "\(number) \(number == 1 ? one : many)"
  }
}

extension WallTime {
  /// How long ago it was, in the two largest units: `3m12s`.
  package func age(at now: WallTime) -> String { TextLayout.age(of: self, at: now) }
}
