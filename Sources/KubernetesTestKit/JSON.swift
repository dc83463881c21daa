internal import FoundationEssentials

/// A JSON value, for objects of which a test server keeps what it does not know as well.
package enum JSON: Hashable, Sendable {
  case null
  case bool(Bool)
  case int(Int64)
  case double(Double)
  case string(String)
  case array([JSON])
  case object([String: JSON])

  /// - Throws: what `JSONDecoder` says of text that is no JSON.
  package init(parsing bytes: some Sequence<UInt8>) throws {
    self = try JSONDecoder().decode(JSON.self, from: Data(bytes))
  }

  package init(parsing text: String) throws { try self.init(parsing: text.utf8) }

  /// In one line, with sorted keys, so that equal values have equal texts.
  package var bytes: [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // Only numbers that are no numbers cannot be written, and nothing that was parsed is one.
    return (try? encoder.encode(self)).map { Array($0) } ?? Array("null".utf8)
  }

  package var text: String { String(decoding: bytes, as: UTF8.self) }

  package var string: String? {
    if case .string(let value) = self { value } else { nil }
  }
  package var int: Int64? {
    if case .int(let value) = self { value } else { nil }
  }
  package var bool: Bool? {
    if case .bool(let value) = self { value } else { nil }
  }
  /// Empty for what is no array.
  package var array: [JSON] {
    if case .array(let value) = self { value } else { [] }
  }
  /// Empty for what is no object.
  package var object: [String: JSON] {
    if case .object(let value) = self { value } else { [:] }
  }
  package var isObject: Bool {
    if case .object = self { true } else { false }
  }

  /// A field; null where there is none. Setting null takes the field away, and setting a field of what is no
  /// object makes it one.
  package subscript(_ key: String) -> JSON {
    get { object[key] ?? .null }
    set {
      var fields = object
      fields[key] = newValue == .null ? nil : newValue
      self = .object(fields)
    }
  }

  /// Without the fields that are null, however deep.
  package var withoutNulls: JSON {
    switch self {
    case .object(let fields):
      .object(fields.compactMapValues { $0 == .null ? nil : $0.withoutNulls })
    case .array(let elements): .array(elements.map(\.withoutNulls))
    default: self
    }
  }

  /// The result of a merge patch (RFC 7386 section 2): null takes a field away, lists are replaced.
  package func merged(with patch: JSON) -> JSON {
    guard case .object(let changes) = patch else { return patch }
    var fields = object
    for (key, change) in changes {
      fields[key] = change == .null ? nil : (fields[key] ?? .null).merged(with: change)
    }
    return .object(fields)
  }
}

extension JSON: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    // The commonest first: each that does not fit costs an error.
    if let value = try? container.decode(String.self) {
      self = .string(value)
    } else if let value = try? container.decode([String: JSON].self) {
      self = .object(value)
    } else if let value = try? container.decode(Int64.self) {
      self = .int(value)
    } else if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .bool(value)
    } else if let value = try? container.decode(Double.self) {
      self = .double(value)
    } else {
      self = .array(try container.decode([JSON].self))
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .null: try container.encodeNil()
    case .bool(let value): try container.encode(value)
    case .int(let value): try container.encode(value)
    case .double(let value): try container.encode(value)
    case .string(let value): try container.encode(value)
    case .array(let value): try container.encode(value)
    case .object(let value): try container.encode(value)
    }
  }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByBooleanLiteral,
  ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  package init(stringLiteral value: String) { self = .string(value) }
  package init(integerLiteral value: Int64) { self = .int(value) }
  package init(booleanLiteral value: Bool) { self = .bool(value) }
  package init(arrayLiteral elements: JSON...) { self = .array(elements) }
  package init(dictionaryLiteral elements: (String, JSON)...) {
    self = .object(Dictionary(elements) { _, last in last })
  }
}
