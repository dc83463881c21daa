package import Wire

/// Counts addresses without listing them: a file may say `::/0`.
package enum AddressCount {
  static let limit = UInt128(Configuration.addressLimit)

  /// How many different addresses the ranges have together; stays at the largest number.
  package static func distinct(in ranges: [IPRange]) -> UInt128 {
    var total: UInt128 = 0
    var end: IPAddress?
    for range in ranges.sorted(by: { ($0.lower, $0.upper) < ($1.lower, $1.upper) }) {
      var start = range.lower
      if let end, end.isIPv6 == start.isIPv6, end >= start {
        if end >= range.upper { continue }
        start = after(end)
      }
      let count = IPRange(start, range.upper)?.count ?? 0
      let (sum, overflow) = total.addingReportingOverflow(count)
      total = overflow ? .max : sum
      end = range.upper
    }
    return total
  }

  /// The next address; only asked for below the family's last.
  private static func after(_ address: IPAddress) -> IPAddress {
    switch address {
    case .v4(let address): .v4(IPv4Address(rawValue: address.rawValue + 1))
    case .v6(let address): .v6(IPv6Address(rawValue: address.rawValue + 1))
    }
  }

  /// `16,777,216`; powers of two where the digits would not say anything: `2^64`.
  package static func text(_ count: UInt128) -> String {
    if count == .max { return "2^128" }
    if count >= 1 << 32, count.nonzeroBitCount == 1 { return "2^\(count.trailingZeroBitCount)" }
    let digits = Array(String(count))
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index).isMultiple(of: 3) { text.append(",") }
      text.append(digit)
    }
    return text
  }
}
