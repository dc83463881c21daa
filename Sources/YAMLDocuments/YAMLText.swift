/// The characters of a text that people's editors and shells have written, in whichever of Unicode's encodings
/// (YAML 1.2 §5.2, RFC 4627 §3).
package struct YAMLText: Hashable, Sendable {
  /// Without byte order marks.
  package let text: String

  /// - Throws: where the octets are not text in the encoding that they begin in.
  package init(_ octets: [UInt8]) throws(YAMLFault) {
    switch Encoding(octets) {
    case .utf8:
      guard let text = String(validating: octets, as: UTF8.self) else {
        throw YAMLFault(
          "the text is not UTF-8", suggestion: "save the file in UTF-8",
          at: Self.firstFault(in: octets))
      }
      self.init(text)
    case .utf16(let isBigEndian):
      let units = Self.units(of: octets, isBigEndian: isBigEndian, as: UInt16.self)
      guard octets.count.isMultiple(of: 2), let text = String(validating: units, as: UTF16.self)
      else {
        throw YAMLFault(
          "the text begins in UTF-16 and does not go on in it",
          suggestion: "save the file in UTF-8",
          at: nil)
      }
      self.init(text)
    case .utf32(let isBigEndian):
      let units = Self.units(of: octets, isBigEndian: isBigEndian, as: UInt32.self)
      guard octets.count.isMultiple(of: 4), let text = String(validating: units, as: UTF32.self)
      else {
        throw YAMLFault(
          "the text begins in UTF-32 and does not go on in it",
          suggestion: "save the file in UTF-8",
          at: nil)
      }
      self.init(text)
    }
  }

  /// A byte order mark may begin each document, and stands in the middle where files were joined. At the start
  /// of a line it is never content: content there is indented.
  package init(_ text: String) {
    let mark: Unicode.Scalar = "\u{feff}"
    guard text.unicodeScalars.contains(mark) else {
      self.text = text
      return
    }
    var result = String.UnicodeScalarView()
    var isLineStart = true
    for scalar in text.unicodeScalars {
      if scalar == mark, isLineStart { continue }
      result.append(scalar)
      isLineStart = scalar == "\n" || scalar == "\r"
    }
    self.text = String(result)
  }

  private enum Encoding {
    case utf8
    case utf16(isBigEndian: Bool)
    case utf32(isBigEndian: Bool)

    /// Told by the byte order mark; without one by the zeros that the first character, which is ASCII in
    /// every file of ours, has beside it.
    init(_ octets: [UInt8]) {
      let start = octets.prefix(4) + Array(repeating: 0x20, count: max(0, 4 - octets.count))
      self =
        switch (start[0], start[1], start[2], start[3]) {
        case (0, 0, 0xfe, 0xff), (0, 0, 0, 1...): .utf32(isBigEndian: true)
        case (0xff, 0xfe, 0, 0), (1..., 0, 0, 0): .utf32(isBigEndian: false)
        case (0xfe, 0xff, _, _), (0, 1..., _, _): .utf16(isBigEndian: true)
        case (0xff, 0xfe, _, _), (1..., 0, _, _): .utf16(isBigEndian: false)
        default: .utf8
        }
    }
  }

  private static func units<Unit: FixedWidthInteger & UnsignedInteger>(
    of octets: [UInt8], isBigEndian: Bool, as type: Unit.Type
  ) -> [Unit] {
    let size = Unit.bitWidth / 8
    return stride(from: 0, to: octets.count - octets.count % size, by: size).map { start in
      var unit: Unit = 0
      for offset in 0..<size {
        let octet = octets[start + (isBigEndian ? offset : size - 1 - offset)]
        unit = unit << 8 | Unit(octet)
      }
      return unit
    }
  }

  /// Where the text stops being UTF-8.
  private static func firstFault(in octets: [UInt8]) -> Place {
    var place = Place(line: 1, column: 1)
    var decoder = UTF8()
    var iterator = octets.makeIterator()
    while case .scalarValue(let scalar) = decoder.decode(&iterator) {
      if scalar == "\n" {
        place = Place(line: place.line + 1, column: 1)
      } else {
        place.column += 1
      }
    }
    return place
  }
}
