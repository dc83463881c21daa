/// A value of a YAML or JSON text, with its place.
///
/// Aliases are followed and merge keys (`<<`) are resolved: what is here is what is meant.
package struct YAMLNode: Hashable, Sendable {
  package enum Content: Hashable, Sendable {
    case scalar(Scalar)
    case list([YAMLNode])
    case mapping(YAMLMapping)
  }

  /// A single value. Its type is for the reader to decide: `on` may be a label, `0123` a password.
  package struct Scalar: Hashable, Sendable {
    package var text: String
    /// Whether it is written without quotes, and may mean something else than text.
    package var isPlain: Bool

    package init(_ text: String, isPlain: Bool) {
      self.text = text
      self.isPlain = isPlain
    }
  }

  package var content: Content
  package var place: Place
  /// How many values there are in it, itself and keys included, each as often as an alias repeats it.
  let weight: Int

  package init(_ scalar: Scalar, at place: Place) {
    content = .scalar(scalar)
    self.place = place
    weight = 1
  }

  package init(_ list: [YAMLNode], at place: Place) {
    content = .list(list)
    self.place = place
    weight = list.reduce(1) { $0 + $1.weight }
  }

  package init(_ mapping: YAMLMapping, at place: Place) {
    content = .mapping(mapping)
    self.place = place
    weight = mapping.entries.reduce(1) { $0 + 1 + $1.value.weight }
  }

  /// Nil where it is not a scalar.
  package var scalar: Scalar? {
    if case .scalar(let scalar) = content { scalar } else { nil }
  }

  package var list: [YAMLNode]? {
    if case .list(let list) = content { list } else { nil }
  }

  package var mapping: YAMLMapping? {
    if case .mapping(let mapping) = content { mapping } else { nil }
  }

  /// Whether nothing is written: `key:`, `key: ~` or `key: null` (YAML 1.2 §10.3.2).
  package var isNull: Bool {
    guard let scalar, scalar.isPlain else { return false }
    return ["", "~", "null", "Null", "NULL"].contains(scalar.text)
  }

  /// The first key anywhere in it that is written twice.
  package var firstRepetition: YAMLMapping.Repetition? {
    switch content {
    case .scalar: return nil
    case .list(let list):
      for node in list {
        if let repetition = node.firstRepetition { return repetition }
      }
      return nil
    case .mapping(let mapping):
      if let repetition = mapping.repetitions.first { return repetition }
      for entry in mapping.entries {
        if let repetition = entry.value.firstRepetition { return repetition }
      }
      return nil
    }
  }

  /// What kind of value it is, for people.
  package var kind: String {
    switch content {
    case .scalar: isNull ? "nothing" : "text"
    case .list: "a list"
    case .mapping: "a mapping of keys"
    }
  }
}

/// Keys and values, in the order of the text. All keys are plain text.
package struct YAMLMapping: Hashable, Sendable {
  package struct Entry: Hashable, Sendable {
    package var name: String
    /// Where the key is.
    package var place: Place
    package var value: YAMLNode

    package init(_ name: String, _ value: YAMLNode, at place: Place) {
      self.name = name
      self.place = place
      self.value = value
    }
  }

  /// A key that is written more than once in one mapping.
  package struct Repetition: Hashable, Sendable {
    package var entry: Entry
    /// Where it is first, whose value counts.
    package var first: Place
  }

  /// Each name once. Those that a merge key brings come last.
  package private(set) var entries: [Entry] = []
  package private(set) var repetitions: [Repetition] = []
  /// Where each name is in `entries`; empty while there are few.
  private var positions: [String: Int] = [:]

  /// Up to here a walk is as fast as a dictionary, of which a file would have thousands.
  private static let few = 8

  package init() {}

  package init(_ entries: some Sequence<Entry>) {
    for entry in entries { append(entry) }
  }

  package mutating func append(_ entry: Entry) {
    if let position = position(of: entry.name) {
      repetitions.append(Repetition(entry: entry, first: entries[position].place))
      return
    }
    entries.append(entry)
    if entries.count == Self.few {
      for (position, entry) in entries.enumerated() { positions[entry.name] = position }
    } else if entries.count > Self.few {
      positions[entry.name] = entries.count - 1
    }
  }

  /// Adds what a merge key brings: the names that are not there yet.
  package mutating func merge(_ other: YAMLMapping) {
    for entry in other.entries where position(of: entry.name) == nil { append(entry) }
  }

  package subscript(_ name: String) -> YAMLNode? { position(of: name).map { entries[$0].value } }

  private func position(of name: String) -> Int? {
    entries.count < Self.few ? entries.firstIndex { $0.name == name } : positions[name]
  }
}
