internal import YAMLDocuments

/// One pass over one text, and the faults found so far.
final class Reading {
  let file: String
  let text: YAMLText
  private(set) var diagnostics: [ConfigurationDiagnostic] = []

  /// Nobody reads more faults than this in one go.
  private static let diagnosticLimit = 200

  private lazy var lines = text.text.split(
    omittingEmptySubsequences: false, whereSeparator: \.isNewline)

  init(file: String, text: YAMLText) {
    self.file = file
    self.text = text
  }

  func fail(_ message: String, suggestion: String?, at place: Place?, path: String) {
    guard diagnostics.count < Self.diagnosticLimit else { return }
    diagnostics.append(
      ConfigurationDiagnostic(
        file: file, place: place, path: path, message: message, suggestion: suggestion))
  }

  /// The place `offset` characters into a scalar that begins at `start`. Only where the text has
  /// the scalar's characters literally, so that escapes and folded lines never point astray: there
  /// the answer is `start`.
  func place(_ offset: Int, into scalar: String, at start: Place) -> Place {
    guard offset > 0, lines.indices.contains(start.line - 1) else { return start }
    let rest = lines[start.line - 1].dropFirst(start.column - 1)
    let quoted = rest.first == "\"" || rest.first == "'"
    guard (quoted ? rest.dropFirst() : rest).hasPrefix(scalar.prefix(offset)) else { return start }
    return Place(line: start.line, column: start.column + offset + (quoted ? 1 : 0))
  }
}
