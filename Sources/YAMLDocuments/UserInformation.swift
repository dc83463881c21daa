/// Names and passwords before a host (`root:secret@10.0.0.1:2379`, RFC 3986 §3.2.1), which must not be quoted in
/// messages: a log is read by more people than a configuration.
package enum UserInformation {
  package static let mark = "[removed]"

  /// A value of a key that is quoted in a message, without what stands before its last `@`; a scheme stays.
  package static func removed(from text: String) -> String {
    guard let found = range(in: text) else { return text }
    return text[..<found.lowerBound] + mark + text[found.upperBound...]
  }

  /// What stands before the last `@` of a value that is nothing but a URL or a host; the whole of it, since whoever
  /// writes a password into a URL does not encode its slashes.
  package static func range(in text: String) -> Range<String.Index>? {
    guard let at = text.lastIndex(of: "@"), at > text.startIndex else { return nil }
    var start = text.startIndex
    var index = text.startIndex
    while index < at {
      let isScheme = text[index].isASCII && (text[index].isLetter || text[index].isNumber)
      if !isScheme && !"+-.".contains(text[index]) {
        if text[index...].hasPrefix("://") { start = text.index(index, offsetBy: 3) }
        break
      }
      index = text.index(after: index)
    }
    return start < at ? start..<at : nil
  }
}
