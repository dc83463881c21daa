internal import YAMLDocuments

extension Reading {
  /// Parses the text as YAML; nil where that fails, or where it is something else, with the fault noted.
  func compose() -> Value? {
    do throws(YAMLFault) {
      if let node = try YAMLReader.document(text) {
        if isForeign(node) { return nil }
        return Value(node: node, path: "", reading: self)
      }
      fail(
        "the file is empty",
        suggestion: "write at least `announcements: []` to announce nothing on purpose",
        at: Place(line: 1, column: 1), path: "")
    } catch {
      if isForeign(nil) { return nil }
      fail(error.message, suggestion: error.suggestion, at: error.place, path: "")
    }
    return nil
  }

  /// Whether it is another program's file, with that noted as the one fault: each line of it would be one.
  private func isForeign(_ node: YAMLNode?) -> Bool {
    guard let foreign = ForeignFile(node, text: text.text) else { return false }
    fail(
      foreign.message, suggestion: foreign.suggestion, at: Place(line: 1, column: 1), path: "")
    return true
  }
}
