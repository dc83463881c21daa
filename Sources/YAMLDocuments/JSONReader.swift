/// Reads JSON texts (RFC 8259), any number of values one after the other, with the place of each.
///
/// Much JSON is YAML, and not all: halves of surrogate pairs, long keys, and values that follow each other are
/// not. The decoders of Foundation know neither places nor keys written twice, and read one value.
struct JSONReader {
  private let octets: [UInt8]
  private var position = 0
  private var line = 1
  private var lineStart = 0
  /// Octets of the line so far that continue a character.
  private var continuations = 0

  /// Every value of the text.
  static func values(in text: String) throws(YAMLFault) -> [YAMLNode] {
    var reader = JSONReader(octets: Array(text.utf8))
    var values: [YAMLNode] = []
    reader.skipSpace()
    while reader.position < reader.octets.count {
      values.append(try reader.value(depth: 0))
      reader.skipSpace()
    }
    return values
  }

  /// Whether a text that begins with a bracket goes on as JSON would: with quotes, or with a bracket that YAML
  /// would hardly have there.
  static func looksLikeJSON(_ text: String) -> Bool {
    let start = text.utf8.lazy.filter { !isSpace($0) }.prefix(2)
    guard start.count == 2, let first = start.first, let second = start.dropFirst().first else {
      return true
    }
    return second == UInt8(ascii: "\"")
      || first == UInt8(ascii: "[") && (second == UInt8(ascii: "{") || second == first)
  }

  static func isSpace(_ octet: UInt8) -> Bool {
    octet == 0x20 || octet == 0x0a || octet == 0x0d || octet == 0x09
  }

  private var octet: UInt8? { position < octets.count ? octets[position] : nil }

  private var place: Place {
    Place(line: line, column: position - lineStart - continuations + 1)
  }

  private mutating func skipSpace() {
    while let octet, Self.isSpace(octet) {
      position += 1
      if octet == 0x0a {
        line += 1
        lineStart = position
        continuations = 0
      }
    }
  }

  private func fault(_ message: String) -> YAMLFault {
    YAMLFault("this is not JSON: \(message)", at: place)
  }

  private mutating func value(depth: Int) throws(YAMLFault) -> YAMLNode {
    let place = place
    switch octet {
    case UInt8(ascii: "{"): return try object(at: place, depth: depth)
    case UInt8(ascii: "["): return try array(at: place, depth: depth)
    case UInt8(ascii: "\""): return YAMLNode(.init(try string(), isPlain: false), at: place)
    default: return YAMLNode(.init(try word(), isPlain: true), at: place)
    }
  }

  private mutating func object(at place: Place, depth: Int) throws(YAMLFault) -> YAMLNode {
    try enter(depth)
    var mapping = YAMLMapping()
    skipSpace()
    if octet == UInt8(ascii: "}") {
      position += 1
      return YAMLNode(mapping, at: place)
    }
    while true {
      guard octet == UInt8(ascii: "\"") else { throw fault("a key in double quotes is expected") }
      let keyPlace = self.place
      let key = try string()
      skipSpace()
      guard octet == UInt8(ascii: ":") else { throw fault("a colon is expected behind a key") }
      position += 1
      skipSpace()
      mapping.append(.init(key, try value(depth: depth + 1), at: keyPlace))
      if try isLast(closing: UInt8(ascii: "}")) { return YAMLNode(mapping, at: place) }
    }
  }

  private mutating func array(at place: Place, depth: Int) throws(YAMLFault) -> YAMLNode {
    try enter(depth)
    var list: [YAMLNode] = []
    skipSpace()
    if octet == UInt8(ascii: "]") {
      position += 1
      return YAMLNode(list, at: place)
    }
    while true {
      list.append(try value(depth: depth + 1))
      if try isLast(closing: UInt8(ascii: "]")) { return YAMLNode(list, at: place) }
    }
  }

  private mutating func enter(_ depth: Int) throws(YAMLFault) {
    guard depth < YAMLReader.depthLimit else {
      throw YAMLFault(
        "more than \(YAMLReader.depthLimit) lists and mappings are nested in each other", at: place)
    }
    position += 1
  }

  /// Behind an element: whether the bracket closes; else the next element begins here.
  private mutating func isLast(closing bracket: UInt8) throws(YAMLFault) -> Bool {
    skipSpace()
    guard octet == bracket || octet == UInt8(ascii: ",") else {
      let word = Character(Unicode.Scalar(bracket))
      throw fault(
        octet == nil ? "it ends before its `\(word)`" : "a comma or `\(word)` is expected")
    }
    let isLast = octet == bracket
    position += 1
    if !isLast { skipSpace() }
    return isLast
  }

  /// A number, `true`, `false` or `null`.
  private mutating func word() throws(YAMLFault) -> String {
    let start = position
    while let octet, Self.isOfWord(octet) { position += 1 }
    let word = String(decoding: octets[start..<position], as: UTF8.self)
    if ["true", "false", "null"].contains(word) || Self.isNumber(octets[start..<position]) {
      return word
    }
    position = start
    throw fault(octet == nil ? "it ends where a value is expected" : "a value is expected")
  }

  private static func isOfWord(_ octet: UInt8) -> Bool {
    switch octet {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"), UInt8(ascii: "+"),
      UInt8(ascii: "."):
      true
    default: false
    }
  }

  /// RFC 8259 §6: a minus, digits without a leading zero, a fraction, an exponent.
  private static func isNumber(_ word: ArraySlice<UInt8>) -> Bool {
    var rest = word
    func isDigit(_ octet: UInt8) -> Bool { (0x30...0x39).contains(octet) }
    func takeDigits() -> Int {
      let count = rest.prefix(while: isDigit).count
      rest = rest.dropFirst(count)
      return count
    }
    if rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
    let isZero = rest.first == UInt8(ascii: "0")
    let whole = takeDigits()
    guard whole > 0, !isZero || whole == 1 else { return false }
    if rest.first == UInt8(ascii: ".") {
      rest = rest.dropFirst()
      guard takeDigits() > 0 else { return false }
    }
    if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
      rest = rest.dropFirst()
      if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") {
        rest = rest.dropFirst()
      }
      guard takeDigits() > 0 else { return false }
    }
    return rest.isEmpty
  }

  /// RFC 8259 §7, from its opening quotes to behind its closing ones.
  private mutating func string() throws(YAMLFault) -> String {
    position += 1
    var text: [UInt8] = []
    while let octet {
      switch octet {
      case UInt8(ascii: "\""):
        position += 1
        return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"):
        position += 1
        text.append(contentsOf: String(Character(try escaped())).utf8)
      case 0..<0x20: throw fault("a control character in quotes; write it as an escape such as \\n")
      default:
        text.append(octet)
        if octet & 0xc0 == 0x80 { continuations += 1 }
        position += 1
      }
    }
    throw fault("it ends before its closing quotes")
  }

  /// What stands behind a backslash.
  private mutating func escaped() throws(YAMLFault) -> Unicode.Scalar {
    guard let octet else { throw fault("it ends behind a backslash") }
    position += 1
    switch octet {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(octet)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{c}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      let unit = try hexadecimal()
      if let scalar = Unicode.Scalar(UInt32(unit)) { return scalar }
      // The half of a pair that does not find the other stands for nothing, as with most readers.
      guard unit < 0xdc00, octets[position...].starts(with: "\\u".utf8) else { return "\u{fffd}" }
      let start = position
      position += 2
      let low = try hexadecimal()
      guard (0xdc00...0xdfff).contains(low) else {
        position = start
        return "\u{fffd}"
      }
      let value = 0x10000 + (UInt32(unit) - 0xd800) << 10 + (UInt32(low) - 0xdc00)
      return Unicode.Scalar(value) ?? "\u{fffd}"
    default:
      position -= 1
      throw fault("an unknown escape; write a backslash as \\\\")
    }
  }

  private mutating func hexadecimal() throws(YAMLFault) -> UInt16 {
    let digits = octets[position...].prefix(4)
    guard digits.count == 4,
      digits.allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }),
      let value = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
    else { throw fault("four hexadecimal digits are expected behind \\u") }
    position += 4
    return value
  }
}
