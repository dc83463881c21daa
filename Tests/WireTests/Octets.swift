import Wire

/// Octets written as hexadecimal text; white space and `; comments` to the end of a line ignored.
func octets(_ text: String) -> [UInt8] {
  let digits = text.split(separator: "\n")
    .map { $0.prefix { $0 != ";" } }.joined()
    .compactMap { $0.hexDigitValue.map(UInt8.init) }
  return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
}

/// What `body` writes into a buffer of `capacity` octets.
func written(_ capacity: Int, _ body: (inout OutputSpan<UInt8>) -> Void) -> [UInt8] {
  [UInt8](capacity: capacity) { body(&$0) }
}
