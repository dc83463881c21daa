/// A point in true time: what an observer outside sees. Nodes and store never see it, only their own
/// clocks, which run at other rates, stop and jump.
package struct Moment: Hashable, Comparable, Sendable {
  /// Since the start of the schedule.
  package var nanoseconds: Int64

  package init(nanoseconds: Int64) {
    self.nanoseconds = nanoseconds
  }

  package static let never = Moment(nanoseconds: .max)

  package static func < (left: Moment, right: Moment) -> Bool {
    left.nanoseconds < right.nanoseconds
  }

  /// Moved by nanoseconds.
  package static func + (moment: Moment, span: Int64) -> Moment {
    Moment(nanoseconds: moment.nanoseconds + span)
  }

  /// The nanoseconds between two moments.
  package static func - (later: Moment, earlier: Moment) -> Int64 {
    later.nanoseconds - earlier.nanoseconds
  }
}

/// Spans of true time are plain nanoseconds: a schedule adds millions of them, and `Duration` counts
/// attoseconds in 128 bits.
extension Int64 {
  static let microsecond: Int64 = 1000
  static let millisecond: Int64 = 1_000_000
  static let second: Int64 = 1_000_000_000
}

extension Moment: CustomStringConvertible {
  /// Seconds to the microsecond: `12.034567 s`.
  package var description: String { seconds(nanoseconds, digits: 6) }
}

/// Nanoseconds as seconds with a fraction, for people.
func seconds(_ nanoseconds: Int64, digits: Int = 3) -> String {
  var unit: Int64 = 1
  for _ in digits..<9 { unit *= 10 }
  let fraction = String(abs(nanoseconds) % .second / unit)
  let padding = String(repeating: "0", count: digits - fraction.count)
  return "\(nanoseconds < 0 ? "-" : "")\(abs(nanoseconds) / .second).\(padding)\(fraction) s"
}
