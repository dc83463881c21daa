/// A time of day to the microsecond, as people compare it with other tools' lines: `14:03:07.000412`.
struct ClockTime: CustomStringConvertible {
  let description: String

  /// - Parameters:
  ///   - nanoseconds: since 1970.
  ///   - zone: seconds east of Greenwich.
  init(_ nanoseconds: Int64, zone: Int) {
    let day: Int64 = 86_400_000_000
    let microseconds = nanoseconds / 1000 + Int64(zone) * 1_000_000
    let rest = (microseconds % day + day) % day
    description =
      "\(Self.digits(rest / 3_600_000_000, 2)):\(Self.digits(rest / 60_000_000 % 60, 2)):"
      + "\(Self.digits(rest / 1_000_000 % 60, 2)).\(Self.digits(rest % 1_000_000, 6))"
  }

  private static func digits(_ value: Int64, _ count: Int) -> String {
    let text = String(value)
    return String(repeating: "0", count: max(0, count - text.count)) + text
  }
}
