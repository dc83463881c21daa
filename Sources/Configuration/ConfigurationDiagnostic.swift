package import YAMLDocuments

/// One fault in a configuration: what is wrong, where, and what would be right.
package struct ConfigurationDiagnostic: Hashable, Sendable {
  package var file: String
  /// Nil where the fault is the file's as a whole: missing, unreadable, too large.
  package var place: Place?
  /// `announcements[0].addresses[2]`; empty where the fault lies outside every key.
  package var path: String
  /// What is wrong, without a full stop.
  package var message: String
  /// What would be right; nil where nothing better than the message can be said.
  package var suggestion: String?

  package init(
    file: String, place: Place?, path: String, message: String, suggestion: String? = nil
  ) {
    self.file = file
    self.place = place
    self.path = path
    self.message = message
    self.suggestion = suggestion
  }
}

extension ConfigurationDiagnostic: CustomStringConvertible {
  /// One line: `announcer.yaml:3:1: interfacess: unknown key; did you mean ` and so on. What the
  /// file says is quoted in it, and must neither break the line nor command the terminal.
  package var description: String {
    var text = file
    if let place { text += ":\(place.line):\(place.column)" }
    if !path.isEmpty { text += ": \(path)" }
    text += ": \(message)"
    if let suggestion { text += "; \(suggestion)" }
    return String(text.unicodeScalars.map { Self.isControl($0) ? "\u{fffd}" : Character($0) })
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator, .format: true
    default: false
    }
  }
}
