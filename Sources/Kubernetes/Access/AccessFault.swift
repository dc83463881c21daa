/// Why it cannot be known where the API server is, or who we are there.
package struct AccessFault: Error, Hashable, Sendable, CustomStringConvertible {
  /// One line, with file, line and column where they are known.
  package let description: String

  init(_ text: String) {
    description = String(
      text.unicodeScalars.map { scalar in
        switch scalar.properties.generalCategory {
        // Names out of the file must neither break the line nor command the terminal.
        case .control, .lineSeparator, .paragraphSeparator, .format: "\u{fffd}"
        default: Character(scalar)
        }
      })
  }
}
