/// The addresses that one annotation asks for, as written.
package struct RequestedIPs: Hashable, Sendable {
  /// The annotation's name.
  package var name: String
  package var text: String

  package init(_ name: String, _ text: String) {
    self.name = name
    self.text = text
  }

  /// What stands between commas and spaces.
  var words: [Substring] { text.split { $0 == "," || $0.isWhitespace } }

  /// Whether both ask for the same, in whatever order.
  package func isLike(_ other: RequestedIPs) -> Bool { Set(words) == Set(other.words) }

  /// Says that this annotation does not count beside another one.
  package func note(besides first: RequestedIPs) -> String {
    "\(name) asks for \(Self.shortened(text)) and does not count beside \(first.name)"
  }

  private static func shortened(_ text: String) -> String {
    text.utf8.count > 64 ? "\(text.prefix(64))…" : text
  }
}
