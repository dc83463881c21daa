internal import FoundationEssentials

/// JSON as the program writes and reads it.
package enum JSON {
  /// For people and scripts: indented, keys in alphabetical order, so that two outputs compare.
  package static func document(_ value: some Encodable) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: encode(value, with: encoder), as: UTF8.self)
  }

  /// For the wire, and for streams of documents: one line, without its end.
  package static func line(_ value: some Encodable) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return Array(encode(value, with: encoder))
  }

  /// Nil where the octets are not JSON or not of this shape.
  static func decode<Value: Decodable>(_ type: Value.Type, from octets: [UInt8]) -> Value? {
    try? JSONDecoder().decode(type, from: Data(octets))
  }

  /// What JSON may have as it is and a terminal obeys: the controls above ASCII, and marks that reorder text.
  private static func withoutCommands(_ json: Data) -> Data {
    guard json.contains(where: { $0 >= 0x7f }) else { return json }
    var result = Data()
    for scalar in String(decoding: json, as: UTF8.self).unicodeScalars {
      if scalar.value < 0x7f || isPrintable(scalar) {
        result.append(contentsOf: String(scalar).utf8)
      } else {
        for unit in String(scalar).utf16 {
          let digits = String(unit, radix: 16)
          result.append(
            contentsOf: "\\u\(String(repeating: "0", count: 4 - digits.count))\(digits)".utf8)
        }
      }
    }
    return result
  }

  private static func encode(_ value: some Encodable, with encoder: JSONEncoder) -> Data {
    // Infinities and NaN are the only values of our models that JSON cannot say.
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    do {
      return withoutCommands(try encoder.encode(value))
    } catch {
      preconditionFailure("a model that cannot be written: \(error)")
    }
  }
}
