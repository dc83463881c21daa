/// A 64-bit number as protobuf's JSON writes it: a string or a number, left out when zero.
@propertyWrapper
struct ZeroIfMissing<Value: FixedWidthInteger & Codable & Sendable>: Codable, Sendable {
  var wrappedValue: Value

  init(wrappedValue: Value) {
    self.wrappedValue = wrappedValue
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    guard let text = try? container.decode(String.self) else {
      wrappedValue = try container.decode(Value.self)
      return
    }
    guard let value = Value(text) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "not a whole number of \(Value.bitWidth) bits")
    }
    wrappedValue = value
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(String(wrappedValue))
  }
}

extension KeyedDecodingContainer {
  func decode<Value>(
    _ type: ZeroIfMissing<Value>.Type, forKey key: Key
  ) throws -> ZeroIfMissing<Value> {
    try decodeIfPresent(type, forKey: key) ?? ZeroIfMissing(wrappedValue: 0)
  }
}
