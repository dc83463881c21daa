/// Why a text cannot be read: where, what is wrong, and what would be right.
package struct YAMLFault: Error, Hashable, Sendable {
  /// Nil where the fault belongs to the text as a whole.
  package var place: Place?
  /// Without a full stop.
  package var message: String
  /// Nil where nothing better than the message can be said.
  package var suggestion: String?

  package init(_ message: String, suggestion: String? = nil, at place: Place?) {
    self.message = message
    self.suggestion = suggestion
    self.place = place
  }

  /// The message, and the suggestion behind a semicolon.
  package var words: String { suggestion.map { "\(message); \($0)" } ?? message }
}
