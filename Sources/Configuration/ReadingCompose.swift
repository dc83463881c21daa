internal import YAMLDocuments

extension Reading {
  /// Parses the text as YAML; nil where that fails, with the fault noted.
  func compose() -> Value? {
    do throws(YAMLFault) {
      if let node = try YAMLReader.document(text) {
        return Value(node: node, path: "", reading: self)
      }
      fail(
        "the file is empty",
        suggestion: "write at least `announcements: []` to announce nothing on purpose",
        at: Place(line: 1, column: 1), path: "")
    } catch {
      fail(error.message, suggestion: error.suggestion, at: error.place, path: "")
    }
    return nil
  }
}
