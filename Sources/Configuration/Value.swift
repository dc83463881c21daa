internal import Yams

/// A value in the file with its place and its key path; every reader of a value notes what is wrong
/// with it and answers nil.
struct Value {
  let node: Node
  /// `announcements[0].addresses[2]`, empty for the file as a whole.
  let path: String
  let reading: Reading

  var place: Place { node.mark.map { Place($0) } ?? Place(line: 1, column: 1) }

  func fail(_ message: String, suggestion: String? = nil, offset: Int = 0) {
    let start = place
    let exact = scalar.map { reading.place(offset, into: $0, at: start) } ?? start
    reading.fail(message, suggestion: suggestion, at: exact, path: path)
  }

  /// Whether nothing is written: `key:`, `key: ~` or `key: null`. A section whose keys are all
  /// commented out looks like this, and means its defaults.
  var isNull: Bool {
    guard case .scalar(let scalar) = node, scalar.style == .plain else { return false }
    return ["", "~", "null", "Null", "NULL"].contains(scalar.string)
  }

  /// The text of a scalar, without any complaint where it is none.
  var scalar: String? {
    if case .scalar(let scalar) = node { scalar.string } else { nil }
  }

  /// The text of a scalar. Numbers and truth values are text too: `node: 1` means the name "1".
  func text() -> String? {
    if let scalar { return scalar }
    fail("text is expected here, not \(kind)")
    return nil
  }

  /// The values of a list.
  ///
  /// - Parameter example: how such a list is written.
  func list(example: String) -> [Value]? {
    guard case .sequence(let sequence) = node else {
      let written = scalar.map { "[\($0)]" } ?? example
      fail(
        "a list is expected here, not \(kind)",
        suggestion: "write `\(example.hasPrefix("[") ? written : example)`")
      return nil
    }
    guard reading.visit(sequence.count, at: place, path: path) else { return nil }
    return sequence.enumerated().map { index, node in
      Value(node: node, path: "\(path)[\(index)]", reading: reading)
    }
  }

  /// What kind of value it is, for people.
  var kind: String {
    switch node {
    case .scalar: isNull ? "nothing" : "text"
    case .sequence: "a list"
    case .mapping: "a mapping of keys"
    case .alias: "an alias"
    }
  }
}
