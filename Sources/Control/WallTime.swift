internal import LinuxSystem

/// A time of day for people: what logs and `status` show. No decision may rest on one.
package struct WallTime: Hashable, Comparable, Sendable {
  /// Since 1970-01-01T00:00:00Z.
  package var nanoseconds: Int64

  package init(nanoseconds: Int64) {
    self.nanoseconds = nanoseconds
  }

  package static var now: WallTime { WallTime(nanoseconds: wallClockNanoseconds()) }

  package static func < (left: Self, right: Self) -> Bool { left.nanoseconds < right.nanoseconds }

  /// Reads RFC 3339 in UTC with any fraction of a second, as stores' records have it, to the millisecond.
  package init?(rfc3339 text: String) {
    guard text.utf8.count <= 40, text.hasSuffix("Z") else { return nil }
    let parts = text.dropLast().split(separator: ".", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count) else { return nil }
    let fraction = parts.count == 2 ? parts[1] : "0"
    guard !fraction.isEmpty, fraction.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
      return nil
    }
    self.init("\(parts[0]).\((fraction + "00").prefix(3))Z")
  }

  /// Reads what `description` writes; nil for anything else.
  package init?(_ text: String) {
    let octets = Array(text.utf8)
    guard octets.count == 24, octets[4] == 0x2d, octets[7] == 0x2d, octets[10] == 0x54,
      octets[13] == 0x3a, octets[16] == 0x3a, octets[19] == 0x2e, octets[23] == 0x5a
    else { return nil }
    func number(_ range: Range<Int>) -> Int64? {
      var value: Int64 = 0
      for octet in octets[range] {
        guard (0x30...0x39).contains(octet) else { return nil }
        value = value * 10 + Int64(octet - 0x30)
      }
      return value
    }
    guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10),
      let hour = number(11..<13), let minute = number(14..<16), let second = number(17..<19),
      let milliseconds = number(20..<23), (1...12).contains(month), (1...31).contains(day),
      hour < 24, minute < 60, second < 61
    else { return nil }
    let days = CivilDate(year: year, month: month, day: day).daysSince1970
    let seconds = ((days * 24 + hour) * 60 + minute) * 60 + second
    let (scaled, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    guard !overflow else { return nil }
    let (sum, carry) = scaled.addingReportingOverflow(milliseconds * 1_000_000)
    guard !carry else { return nil }
    nanoseconds = sum
  }
}

extension WallTime: CustomStringConvertible {
  /// RFC 3339 in UTC with milliseconds: `2026-11-21T13:00:00.123Z`.
  package var description: String {
    func digits(_ value: Int64, _ count: Int) -> String {
      let text = String(value)
      return String(repeating: "0", count: max(0, count - text.count)) + text
    }
    let day: Int64 = 86_400_000
    let milliseconds = floorDivision(nanoseconds, 1_000_000)
    let days = floorDivision(milliseconds, day)
    let rest = milliseconds - days * day
    let date = CivilDate(daysSince1970: days)
    return "\(digits(date.year, 4))-\(digits(date.month, 2))-\(digits(date.day, 2))T"
      + "\(digits(rest / 3_600_000, 2)):\(digits(rest / 60_000 % 60, 2)):"
      + "\(digits(rest / 1000 % 60, 2)).\(digits(rest % 1000, 3))Z"
  }
}

extension WallTime: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let time = WallTime(text) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a time: \(text)")
    }
    self = time
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
