/// What is most likely wrong with a text that libyaml cannot read, in words for its author.
enum YAMLFaultWords {
  static func fault(for error: YAMLSyntaxError, in text: String) -> YAMLFault {
    let place = error.place ?? error.offset.map { Self.place(atOctet: $0, in: text) }
    var message = "this is not YAML: \(error.problem)"
    if let context = error.context, let began = error.contextPlace {
      message += " \(context) that begins on line \(began.line)"
    }
    guard let place else { return YAMLFault(message, at: nil) }
    let fault = YAMLFault(message, suggestion: suggestion(error, at: place, in: text), at: place)
    return explaining(fault, in: text)
  }

  /// Says what else would explain the fault: a template that was not rendered breaks any rule of YAML.
  static func explaining(_ fault: YAMLFault, in text: String) -> YAMLFault {
    guard let place = fault.place else { return fault }
    var fault = fault
    let line = line(place.line, of: text)
    if line.contains("{{") || line.contains("{%") {
      fault.suggestion =
        "this looks like a template that was not rendered: write what the template makes of it here"
    }
    return fault
  }

  private static func suggestion(
    _ error: YAMLSyntaxError, at place: Place, in text: String
  ) -> String? {
    let line = line(place.line, of: text)
    let character = line.dropFirst(place.column - 1).first
    switch error.problem {
    case let problem where problem.contains("cannot start any token"):
      return character == "\t"
        ? "indent with spaces, not with tabs"
        : character.map { "put a value that begins with \($0) in quotes" }
    case let problem where problem.contains("mapping values are not allowed"):
      return "indent the key like those around it, or put a value that contains `: ` in quotes"
    case let problem where problem.contains("did not find expected key"),
      let problem where problem.contains("could not find expected ':'"),
      let problem where problem.contains("did not find expected '-' indicator"):
      let lines =
        [line]
        + [error.contextPlace, Place(line: max(1, place.line - 1), column: 1)]
        .compactMap { $0.map { Self.line($0.line, of: text) } }
      if lines.contains(where: { $0.contains("\u{a0}") }) {
        return "replace the no-break spaces (U+00A0) here by ordinary ones"
      }
      return line.prefix { $0 == " " || $0 == "\t" }.contains("\t")
        ? "indent with spaces, not with tabs"
        : "indent the line like those around it, and write keys as `key: value`"
    case let problem where problem.contains("unexpected end of stream"):
      return error.context?.contains("quoted") == true ? "close the quotes" : nil
    case let problem where problem.contains("unknown escape character"):
      return "use single quotes, in which a backslash is only a backslash"
    case let problem where problem.contains("control characters"):
      return "remove the control character"
    default: return nil
    }
  }

  /// A line of the text without its end; empty where there is no such line.
  private static func line(_ number: Int, of text: String) -> Substring {
    var rest = text[...]
    for _ in 1..<max(number, 1) {
      guard let end = rest.firstIndex(where: \.isNewline) else { return "" }
      rest = rest[rest.index(after: end)...]
    }
    return rest.prefix { !$0.isNewline }
  }

  private static func place(atOctet offset: Int, in text: String) -> Place {
    var place = Place(line: 1, column: 1)
    for octet in text.utf8.prefix(offset) {
      if octet == UInt8(ascii: "\n") {
        place = Place(line: place.line + 1, column: 1)
      } else if octet & 0xc0 != 0x80 {
        place.column += 1
      }
    }
    return place
  }
}
