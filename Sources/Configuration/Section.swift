internal import Yams

/// A mapping whose keys are asked for one by one.
///
/// The keys it allows are exactly the keys it was asked for: a setting is declared where it is read
/// and nowhere else. `finish` then names every key that nobody asked for.
final class Section {
  private let value: Value
  private let entries: [(name: String, key: Value, value: Value)]
  private var known: [String] = []

  /// Nil, with the fault noted, where the value is no mapping.
  init?(_ value: Value) {
    guard case .mapping(let mapping) = value.node else {
      value.fail("a mapping of keys is expected here, not \(value.kind)")
      return nil
    }
    self.value = value
    entries = Self.entries(of: mapping, in: value, depth: 0)
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
      entry.key.fail(
        "unknown key",
        suggestion: nearest.map { "did you mean `\($0)`?" }
          ?? "the keys here are \(known.map { "`\($0)`" }.joined(separator: ", "))")
    }
  }

  /// The keys and values of a mapping, those that it merges in (`<<`) last, so that its own win.
  private static func entries(
    of mapping: Node.Mapping, in value: Value, depth: Int
  ) -> [(name: String, key: Value, value: Value)] {
    guard value.reading.visit(mapping.count, at: value.place, path: value.path) else { return [] }
    var entries: [(name: String, key: Value, value: Value)] = []
    var merged: [Value] = []
    var first: [String: Place] = [:]
    for (keyNode, valueNode) in mapping {
      let bare = Value(node: keyNode, path: value.path, reading: value.reading)
      guard let written = bare.scalar else {
        bare.fail("a key must be plain text, not \(bare.kind)")
        continue
      }
      let name = value.reading.renamedKeys[bare.place] ?? written
      let path = join(value.path, name)
      if name == "<<" {
        merged.append(Value(node: valueNode, path: path, reading: value.reading))
        continue
      }
      let key = Value(node: keyNode, path: path, reading: value.reading)
      if let place = first[name] {
        key.fail(
          "the key is written twice, first on line \(place.line)", suggestion: "keep one of them")
        continue
      }
      first[name] = key.place
      entries.append((name, key, Value(node: valueNode, path: path, reading: value.reading)))
    }
    for value in merged {
      for more in sources(of: value, depth: depth) where first[more.name] == nil {
        first[more.name] = more.key.place
        entries.append(more)
      }
    }
    return entries
  }

  /// What one `<<` brings: a mapping's keys, or those of several in a list.
  private static func sources(
    of value: Value, depth: Int
  ) -> [(name: String, key: Value, value: Value)] {
    guard depth < 8 else {
      value.fail("more than 8 mappings are merged into each other")
      return []
    }
    switch value.node {
    case .mapping(let mapping):
      return entries(of: mapping, in: value, depth: depth + 1)
    case .sequence(let sequence):
      guard value.reading.visit(sequence.count, at: value.place, path: value.path) else {
        return []
      }
      return sequence.flatMap { node in
        sources(
          of: Value(node: node, path: value.path, reading: value.reading), depth: depth + 1)
      }
    default:
      value.fail("a mapping is expected here, not \(value.kind)")
      return []
    }
  }

  private static func join(_ path: String, _ name: String) -> String {
    path.isEmpty ? name : "\(path).\(name)"
  }
}
