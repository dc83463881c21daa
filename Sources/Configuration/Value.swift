internal import YAMLDocuments

/// A value in the file with its place and its key path; every reader of a value notes what is wrong
/// with it and answers nil.
struct Value {
  let node: YAMLNode
  /// `announcements[0].addresses[2]`, empty for the file as a whole.
  let path: String
  let reading: Reading

  var place: Place { node.place }

  func fail(_ message: String, suggestion: String? = nil, offset: Int = 0) {
    let start = place
    let exact = scalar.map { reading.place(offset, into: $0, at: start) } ?? start
    reading.fail(message, suggestion: suggestion, at: exact, path: path)
  }

  /// Whether nothing is written: `key:`, `key: ~` or `key: null`. A section whose keys are all
  /// commented out looks like this, and means its defaults.
  var isNull: Bool { node.isNull }

  /// The text of a scalar, without any complaint where it is none.
  var scalar: String? { node.scalar?.text }

  /// The text of a scalar. Numbers and truth values are text too: `node: 1` means the name "1".
  func text() -> String? {
    if let scalar { return scalar }
    fail("text is expected here, not \(node.kind)")
    return nil
  }

  /// The values of a list.
  ///
  /// - Parameter example: how such a list is written.
  func list(example: String) -> [Value]? {
    guard let elements = node.list else {
      let written = scalar.map { "[\($0)]" } ?? example
      fail(
        "a list is expected here, not \(node.kind)",
        suggestion: "write `\(example.hasPrefix("[") ? written : example)`")
      return nil
    }
    return elements.enumerated().map { index, node in
      Value(node: node, path: "\(path)[\(index)]", reading: reading)
    }
  }
}
