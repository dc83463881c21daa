/// A look at the keys of a YAML text before a parser sees it.
package enum YAMLKeys {
  /// Where a mapping's key is, or may be, an alias or a node of several values, in a text that has
  /// aliases at all; line and column count from 1.
  ///
  /// The parser hashes every key to find those written twice, and hashing walks through aliases: a
  /// dozen lines of nested aliases in a key would take longer than the machine lasts. No key of
  /// ours is anything but plain text, so such a text is refused before it is parsed. The look is at
  /// characters and not at tokens, and errs on the side of refusing.
  package static func placeOfComplexKeyWithAliases(
    in text: String
  ) -> (line: Int, column: Int)? {
    let opening: Set<UInt8> = Set(" \t\r\n[{,:-?".utf8)
    let blank: Set<UInt8> = Set(" \t\r\n".utf8)
    var previous = UInt8(ascii: "\n")
    var hasAlias = false
    var inAlias = false
    var afterNode = false
    var line = 1
    var column = 0
    var found: (line: Int, column: Int)?
    for byte in text.utf8 {
      if byte == UInt8(ascii: "\n") {
        line += 1
        column = 0
      } else if byte & 0xc0 != 0x80 {
        column += 1
      }
      // Beyond ASCII there are more characters that end a line, and nothing is lost with the rest.
      let isOpening = previous >= 0x80 || opening.contains(previous)
      if byte == UInt8(ascii: "?") && isOpening
        || byte == UInt8(ascii: ":") && (afterNode || inAlias)
      {
        found = found ?? (line, max(column, 1))
      }
      if byte == UInt8(ascii: "*") && isOpening {
        hasAlias = true
        inAlias = true
      } else if byte == UInt8(ascii: "]") || byte == UInt8(ascii: "}") {
        afterNode = true
        inAlias = false
      } else if !blank.contains(byte) {
        afterNode = false
        if blank.contains(previous) || byte == UInt8(ascii: ",") { inAlias = false }
      } else if byte == UInt8(ascii: "\n") {
        afterNode = false
        inAlias = false
      }
      previous = byte
    }
    return hasAlias ? found : nil
  }
}
