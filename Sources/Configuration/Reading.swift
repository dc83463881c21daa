internal import Yams

/// One pass over one text: the faults found so far, and the bounds that keep a hostile text from
/// costing more than an error.
final class Reading {
  let file: String
  let text: String
  private(set) var diagnostics: [ConfigurationDiagnostic] = []
  /// The places of keys that were renamed so that the text could be read on (see `compose`), with
  /// what they say in the file.
  var renamedKeys: [Place: String] = [:]

  /// Values still to be visited. Aliases make a small text a large tree; this is four times what
  /// the largest useful file has.
  private var visitsLeft = 4 * Configuration.addressLimit

  /// Nobody reads more faults than this in one go.
  private static let diagnosticLimit = 200

  private lazy var lines = text.split(
    omittingEmptySubsequences: false, whereSeparator: \.isNewline)

  init(file: String, text: String) {
    self.file = file
    self.text = text
  }

  func fail(_ message: String, suggestion: String?, at place: Place?, path: String) {
    guard diagnostics.count < Self.diagnosticLimit else { return }
    diagnostics.append(
      ConfigurationDiagnostic(
        file: file, place: place, path: path, message: message, suggestion: suggestion))
  }

  /// Counts visits of values; false once the bound is reached, and from then on.
  func visit(_ count: Int, at place: Place, path: String) -> Bool {
    if visitsLeft < 0 { return false }
    visitsLeft -= count
    if visitsLeft >= 0 { return true }
    fail(
      "more than \(4 * Configuration.addressLimit) values in one file",
      suggestion: "write ranges and prefixes, and fewer aliases", at: place, path: path)
    return false
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
