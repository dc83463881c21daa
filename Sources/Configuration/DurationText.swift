/// Durations as the file writes them: a whole number and a unit, `500ms`, `5s`, `1m`, `2h`.
enum DurationText {
  /// Nil for anything else, and for what does not fit 64 bits of milliseconds.
  static func parse(_ text: String) -> Duration? {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    guard let number = Int64(digits) else { return nil }
    let milliseconds: Int64? =
      switch text[digits.endIndex...] {
      case "ms": 1
      case "s": 1000
      case "m": 60_000
      case "h": 3_600_000
      default: nil
      }
    guard let milliseconds else { return nil }
    let (total, overflow) = number.multipliedReportingOverflow(by: milliseconds)
    return overflow ? nil : .milliseconds(total)
  }

  /// The shortest text that reads back as the same duration; whole milliseconds only.
  static func write(_ duration: Duration) -> String {
    let (seconds, attoseconds) = duration.components
    let milliseconds = seconds * 1000 + attoseconds / 1_000_000_000_000_000
    for (unit, length) in [("h", Int64(3_600_000)), ("m", 60_000), ("s", 1000)]
    where milliseconds != 0 && milliseconds.isMultiple(of: length) {
      return "\(milliseconds / length)\(unit)"
    }
    return milliseconds == 0 ? "0s" : "\(milliseconds)ms"
  }
}
