extension YAMLNode {
  /// Reads a value of the type from it.
  ///
  /// A single value is what the reader expects it to be: text where text is expected, though it may look like
  /// a number; a number where a number is expected, though it may be in quotes.
  ///
  /// - Throws: `DecodingError`, whose coding path leads to the fault.
  package func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
    try NodeDecoder(self, at: []).decode(type)
  }

  /// The value at the end of a coding path, or the last one on the way to it that is there.
  package func deepest(along path: [any CodingKey]) -> YAMLNode {
    var node = self
    for key in path {
      guard let next = node.child(key) else { break }
      node = next
    }
    return node
  }

  private func child(_ key: any CodingKey) -> YAMLNode? {
    switch content {
    case .scalar: nil
    case .list(let list): key.intValue.flatMap { list.indices.contains($0) ? list[$0] : nil }
    case .mapping(let mapping): mapping[key.stringValue]
    }
  }
}

private struct NodeDecoder: Decoder {
  let node: YAMLNode
  let codingPath: [any CodingKey]
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  init(_ node: YAMLNode, at path: [any CodingKey]) {
    self.node = node
    codingPath = path
  }

  func mismatch(_ type: Any.Type) -> DecodingError {
    .typeMismatch(type, .init(codingPath: codingPath, debugDescription: "this is \(node.kind)"))
  }

  func container<Key>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    guard let mapping = node.mapping else { throw mismatch([String: Any].self) }
    return KeyedDecodingContainer(Keyed(decoder: self, mapping: mapping))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    guard let list = node.list else { throw mismatch([Any].self) }
    return Unkeyed(decoder: self, list: list)
  }

  func singleValueContainer() -> any SingleValueDecodingContainer { self }
}

extension NodeDecoder: SingleValueDecodingContainer {
  func decodeNil() -> Bool { node.isNull }

  func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
    // The generic call would go round in circles for what decodes itself from a single value.
    switch type {
    case is String.Type: try text(type) as! Value
    default: try Value(from: self)
    }
  }

  func decode(_ type: String.Type) throws -> String { try text(type) }

  func decode(_ type: Bool.Type) throws -> Bool {
    switch node.scalar?.text {
    case "true", "True", "TRUE": true
    case "false", "False", "FALSE": false
    default: throw mismatch(type)
    }
  }

  func decode(_ type: Double.Type) throws -> Double { try number(type) { Double($0) } }
  func decode(_ type: Float.Type) throws -> Float { try number(type) { Float($0) } }
  func decode(_ type: Int.Type) throws -> Int { try number(type) { Int($0) } }
  func decode(_ type: Int8.Type) throws -> Int8 { try number(type) { Int8($0) } }
  func decode(_ type: Int16.Type) throws -> Int16 { try number(type) { Int16($0) } }
  func decode(_ type: Int32.Type) throws -> Int32 { try number(type) { Int32($0) } }
  func decode(_ type: Int64.Type) throws -> Int64 { try number(type) { Int64($0) } }
  func decode(_ type: UInt.Type) throws -> UInt { try number(type) { UInt($0) } }
  func decode(_ type: UInt8.Type) throws -> UInt8 { try number(type) { UInt8($0) } }
  func decode(_ type: UInt16.Type) throws -> UInt16 { try number(type) { UInt16($0) } }
  func decode(_ type: UInt32.Type) throws -> UInt32 { try number(type) { UInt32($0) } }
  func decode(_ type: UInt64.Type) throws -> UInt64 { try number(type) { UInt64($0) } }

  private func text(_ type: Any.Type) throws -> String {
    guard let scalar = node.scalar else { throw mismatch(type) }
    return scalar.text
  }

  private func number<Number>(
    _ type: Number.Type, _ read: (String) -> Number?
  ) throws -> Number {
    guard let text = node.scalar?.text, let number = read(text) else { throw mismatch(type) }
    return number
  }
}

private struct Keyed<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let decoder: NodeDecoder
  let mapping: YAMLMapping

  var codingPath: [any CodingKey] { decoder.codingPath }
  var allKeys: [Key] { mapping.entries.compactMap { Key(stringValue: $0.name) } }

  func contains(_ key: Key) -> Bool { mapping[key.stringValue] != nil }

  private func value(_ key: Key) throws -> NodeDecoder {
    guard let node = mapping[key.stringValue] else {
      throw DecodingError.keyNotFound(key, .init(codingPath: codingPath, debugDescription: ""))
    }
    return NodeDecoder(node, at: codingPath + [key])
  }

  func decodeNil(forKey key: Key) throws -> Bool { try value(key).decodeNil() }
  func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool { try value(key).decode(type) }
  func decode(_ type: String.Type, forKey key: Key) throws -> String { try value(key).decode(type) }
  func decode(_ type: Double.Type, forKey key: Key) throws -> Double { try value(key).decode(type) }
  func decode(_ type: Float.Type, forKey key: Key) throws -> Float { try value(key).decode(type) }
  func decode(_ type: Int.Type, forKey key: Key) throws -> Int { try value(key).decode(type) }
  func decode(_ type: Int8.Type, forKey key: Key) throws -> Int8 { try value(key).decode(type) }
  func decode(_ type: Int16.Type, forKey key: Key) throws -> Int16 { try value(key).decode(type) }
  func decode(_ type: Int32.Type, forKey key: Key) throws -> Int32 { try value(key).decode(type) }
  func decode(_ type: Int64.Type, forKey key: Key) throws -> Int64 { try value(key).decode(type) }
  func decode(_ type: UInt.Type, forKey key: Key) throws -> UInt { try value(key).decode(type) }
  func decode(_ type: UInt8.Type, forKey key: Key) throws -> UInt8 { try value(key).decode(type) }
  func decode(_ type: UInt16.Type, forKey key: Key) throws -> UInt16 { try value(key).decode(type) }
  func decode(_ type: UInt32.Type, forKey key: Key) throws -> UInt32 { try value(key).decode(type) }
  func decode(_ type: UInt64.Type, forKey key: Key) throws -> UInt64 { try value(key).decode(type) }
  func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
    try value(key).decode(type)
  }

  func nestedContainer<Nested>(
    keyedBy type: Nested.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<Nested> { try value(key).container(keyedBy: type) }

  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    try value(key).unkeyedContainer()
  }

  func superDecoder() throws -> any Decoder { decoder }
  func superDecoder(forKey key: Key) throws -> any Decoder { try value(key) }
}

private struct Unkeyed: UnkeyedDecodingContainer {
  let decoder: NodeDecoder
  let list: [YAMLNode]
  var currentIndex = 0

  init(decoder: NodeDecoder, list: [YAMLNode]) {
    self.decoder = decoder
    self.list = list
  }

  private struct Index: CodingKey {
    let index: Int
    var intValue: Int? { index }
    var stringValue: String { String(index) }
    init(_ index: Int) { self.index = index }
    init?(intValue: Int) { index = intValue }
    init?(stringValue: String) { nil }
  }

  var codingPath: [any CodingKey] { decoder.codingPath }
  var count: Int? { list.count }
  var isAtEnd: Bool { currentIndex >= list.count }

  private func current() throws -> NodeDecoder {
    guard !isAtEnd else {
      throw DecodingError.valueNotFound(
        Any.self, .init(codingPath: codingPath, debugDescription: "the list ends"))
    }
    return NodeDecoder(list[currentIndex], at: codingPath + [Index(currentIndex)])
  }

  private mutating func next<Value: Decodable>(_ type: Value.Type) throws -> Value {
    let value = try current().decode(type)
    currentIndex += 1
    return value
  }

  mutating func decodeNil() throws -> Bool {
    guard try current().decodeNil() else { return false }
    currentIndex += 1
    return true
  }

  mutating func decode(_ type: Bool.Type) throws -> Bool { try next(type) }
  mutating func decode(_ type: String.Type) throws -> String { try next(type) }
  mutating func decode(_ type: Double.Type) throws -> Double { try next(type) }
  mutating func decode(_ type: Float.Type) throws -> Float { try next(type) }
  mutating func decode(_ type: Int.Type) throws -> Int { try next(type) }
  mutating func decode(_ type: Int8.Type) throws -> Int8 { try next(type) }
  mutating func decode(_ type: Int16.Type) throws -> Int16 { try next(type) }
  mutating func decode(_ type: Int32.Type) throws -> Int32 { try next(type) }
  mutating func decode(_ type: Int64.Type) throws -> Int64 { try next(type) }
  mutating func decode(_ type: UInt.Type) throws -> UInt { try next(type) }
  mutating func decode(_ type: UInt8.Type) throws -> UInt8 { try next(type) }
  mutating func decode(_ type: UInt16.Type) throws -> UInt16 { try next(type) }
  mutating func decode(_ type: UInt32.Type) throws -> UInt32 { try next(type) }
  mutating func decode(_ type: UInt64.Type) throws -> UInt64 { try next(type) }
  mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try next(type) }

  mutating func nestedContainer<Nested>(
    keyedBy type: Nested.Type
  ) throws -> KeyedDecodingContainer<Nested> {
    let container = try current().container(keyedBy: type)
    currentIndex += 1
    return container
  }

  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
    let container = try current().unkeyedContainer()
    currentIndex += 1
    return container
  }

  mutating func superDecoder() throws -> any Decoder {
    let decoder = try current()
    currentIndex += 1
    return decoder
  }
}
