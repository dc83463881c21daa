/// Something to say about a file of manifests, with its place.
package struct ManifestDiagnostic: Hashable, Sendable {
  package var file: String
  /// From 1; nil where it is about the file as a whole.
  package var line: Int?
  package var column: Int?
  package var message: String

  package init(file: String, line: Int? = nil, column: Int? = nil, message: String) {
    self.file = file
    self.line = line
    self.column = column
    self.message = message
  }
}

extension ManifestDiagnostic: CustomStringConvertible {
  /// One line: `/etc/announcer/manifests.d/web.yaml:3:1: …`. What the file says is quoted in it, and
  /// must neither break the line nor command the terminal.
  package var description: String {
    var text = file
    if let line { text += ":\(line)" }
    if let column { text += ":\(column)" }
    text += ": \(message)"
    return String(
      text.unicodeScalars.map { scalar in
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator, .format: "\u{fffd}"
        default: Character(scalar)
        }
      })
  }
}
