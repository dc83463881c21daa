/// A number of addresses as people can take it in: in digits while it has few, else as a power of two,
/// which is how prefixes are thought of.
enum PoolCount {
  /// As many as IPv4 has: from there on digits say nothing.
  private static let digitsEnd: UInt128 = 1 << 32

  /// - Parameter decimal: what is not a number is shown as it is.
  static func text(_ decimal: String) -> String {
    guard let number = UInt128(decimal) else { return printable(decimal) }
    guard number >= digitsEnd else { return "\(number)" }
    let exponent = 127 - number.leadingZeroBitCount
    let power: UInt128 = 1 << exponent
    if number == power { return "2^\(exponent)" }
    // Near one: a prefix without its first and last address, or with some given away. The next power
    // of the greatest numbers is one that the type cannot hold.
    if number - power <= power >> nearness { return "~2^\(exponent)" }
    let missing = exponent == 127 ? UInt128.max - number : (power << 1) - number
    if missing <= power >> nearness { return "~2^\(exponent + 1)" }
    let digits = "\(number)"
    return "~\(digits.prefix(1)).\(digits.dropFirst().prefix(1))e\(digits.count - 1)"
  }

  /// Within a thousandth.
  private static let nearness = 10
}
