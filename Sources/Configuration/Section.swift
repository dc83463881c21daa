internal import YAMLDocuments

/// A mapping whose keys are asked for one by one.
///
/// The keys it allows are exactly the keys it was asked for: a setting is declared where it is read
/// and nowhere else. `finish` then names every key that nobody asked for.
final class Section {
  private let value: Value
  private let entries: [(name: String, place: Place, value: Value)]
  private var known: [String] = []

  /// Nil, with the fault noted, where the value is no mapping.
  init?(_ value: Value) {
    guard let mapping = value.node.mapping else {
      value.fail("a mapping of keys is expected here, not \(value.node.kind)")
      return nil
    }
    self.value = value
    entries = mapping.entries.map { entry in
      let path = Self.join(value.path, entry.name)
      return (
        entry.name, entry.place, Value(node: entry.value, path: path, reading: value.reading)
      )
    }
    for repetition in mapping.repetitions {
      value.reading.fail(
        "the key is written twice, first on line \(repetition.first.line)",
        suggestion: "keep one of them", at: repetition.entry.place,
        path: Self.join(value.path, repetition.entry.name))
    }
  }

  /// The value of a key; nil where the key is missing or has nothing written after it.
  func value(_ name: String) -> Value? {
    known.append(name)
    guard let entry = entries.first(where: { $0.name == name }), !entry.value.isNull else {
      return nil
    }
    return entry.value
  }

  /// Whether a key is there, be it with nothing after it.
  func isWritten(_ name: String) -> Bool { entries.contains { $0.name == name } }

  /// Notes a fault of the section as a whole, or of a key that it lacks.
  func fail(_ message: String, suggestion: String, key: String?) {
    value.reading.fail(
      message, suggestion: suggestion, at: value.place,
      path: key.map { Self.join(value.path, $0) } ?? value.path)
  }

  /// Notes every key that was not asked for, with the nearest that was.
  func finish() {
    for entry in entries where !known.contains(entry.name) {
      let nearest = NearestWord.find(entry.name, in: known)
      value.reading.fail(
        "unknown key",
        suggestion: nearest.map { "did you mean `\($0)`?" }
          ?? "the keys here are \(known.map { "`\($0)`" }.joined(separator: ", "))",
        at: entry.place, path: entry.value.path)
    }
  }

  private static func join(_ path: String, _ name: String) -> String {
    path.isEmpty ? name : "\(path).\(name)"
  }
}
