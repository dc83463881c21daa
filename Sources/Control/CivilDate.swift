/// A day of the Gregorian calendar. Own arithmetic, because libc's `tm` carries a pointer and the
/// zone of the process, and neither has a place in a log line.
struct CivilDate: Hashable {
  var year: Int64
  /// 1–12.
  var month: Int64
  /// 1–31.
  var day: Int64

  init(year: Int64, month: Int64, day: Int64) {
    self.year = year
    self.month = month
    self.day = day
  }

  /// 2000-03-01: the day after the leap day that ends a cycle of 400 years. Counted from a March,
  /// every irregular day is the last of its period.
  private static let epoch: Int64 = 11_017
  /// From March to February.
  private static let monthLengths: [Int64] = [31, 30, 31, 30, 31, 31, 30, 31, 30, 31, 31, 29]

  init(daysSince1970 days: Int64) {
    let cycle: Int64 = 146_097
    let cycles = floorDivision(days - Self.epoch, cycle)
    var rest = days - Self.epoch - cycles * cycle
    let centuries = min(rest / 36_524, 3)
    rest -= centuries * 36_524
    let leaps = rest / 1461
    rest -= leaps * 1461
    let years = min(rest / 365, 3)
    rest -= years * 365
    var index = 0
    while rest >= Self.monthLengths[index] {
      rest -= Self.monthLengths[index]
      index += 1
    }
    year = 2000 + cycles * 400 + centuries * 100 + leaps * 4 + years + (index >= 10 ? 1 : 0)
    month = Int64(index >= 10 ? index - 9 : index + 3)
    day = rest + 1
  }

  var daysSince1970: Int64 {
    let years = (month < 3 ? year - 1 : year) - 2000
    let index = Int(month < 3 ? month + 9 : month - 3)
    return Self.epoch + years * 365 + floorDivision(years, 4) - floorDivision(years, 100)
      + floorDivision(years, 400) + Self.monthLengths[..<index].reduce(0, +) + day - 1
  }
}

/// The quotient rounded towards negative infinity; `divisor` is positive.
func floorDivision(_ number: Int64, _ divisor: Int64) -> Int64 {
  let (quotient, remainder) = number.quotientAndRemainder(dividingBy: divisor)
  return remainder < 0 ? quotient - 1 : quotient
}
