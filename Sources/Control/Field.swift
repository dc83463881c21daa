/// A field of a model that scripts and other versions read: always written, `null` where it is
/// absent, and read with what can be read.
///
/// `announcer status` must show what it can of a daemon of another version; a field that is missing
/// there, or means something else, reads as its absent value and spoils nothing around it.
@propertyWrapper
package struct Field<Value: FieldValue>: Hashable, Sendable {
  package var wrappedValue: Value

  package init(wrappedValue: Value) {
    self.wrappedValue = wrappedValue
  }
}

/// What a field may hold, with the value that stands for "not there".
package protocol FieldValue: Codable, Hashable, Sendable {
  static var absent: Self { get }
}

extension Field: Codable {
  package init(from decoder: any Decoder) throws {
    wrappedValue = try decoder.singleValueContainer().decode(Value.self)
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(wrappedValue)
  }
}

extension KeyedDecodingContainer {
  /// Picked by the synthesized decoders for every `@Field`.
  func decode<Value>(_ type: Field<Value>.Type, forKey key: Key) throws -> Field<Value> {
    Field(wrappedValue: (try? decode(Value.self, forKey: key)) ?? .absent)
  }
}

extension String: FieldValue { package static var absent: String { "" } }
extension Int: FieldValue { package static var absent: Int { 0 } }
extension Int32: FieldValue { package static var absent: Int32 { 0 } }
extension UInt64: FieldValue { package static var absent: UInt64 { 0 } }
extension Double: FieldValue { package static var absent: Double { 0 } }
extension Bool: FieldValue { package static var absent: Bool { false } }
extension WallTime: FieldValue {
  package static var absent: WallTime { WallTime(nanoseconds: 0) }
}
extension Array: FieldValue where Element: FieldValue {
  package static var absent: [Element] { [] }
}
extension Dictionary: FieldValue where Key == String, Value: FieldValue {
  package static var absent: [String: Value] { [:] }
}
extension Optional: FieldValue where Wrapped: FieldValue {
  package static var absent: Wrapped? { nil }
}
