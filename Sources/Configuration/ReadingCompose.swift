internal import YAMLKeys
internal import Yams

extension Reading {
  /// Parses the text as YAML; nil where that fails, with the fault noted.
  ///
  /// The parser refuses a mapping with a key written twice and stops there. To find everything in
  /// one go, the first of the two is given a name that no key has and the text is parsed again;
  /// `Section` then reports the pair with both places.
  func compose() -> Value? {
    if let place = YAMLKeys.placeOfComplexKeyWithAliases(in: text) {
      fail(
        "a key must be plain text", suggestion: "write the key out, without anchors or aliases",
        at: Place(line: place.line, column: place.column), path: "")
      return nil
    }
    var attempt = text
    while true {
      do {
        guard let node = try Parser(yaml: attempt, resolver: .basic, encoding: .utf8).singleRoot()
        else { break }
        let root = Value(node: node, path: "", reading: self)
        if root.isNull { break }
        return root
      } catch YamlError.duplicatedKeysInMapping(let names, let context) {
        let place = Place(context.mark)
        guard renamedKeys.count < Self.renameLimit, let name = names.first,
          let next = renaming(name, at: place, in: attempt)
        else {
          fail(
            "the key `\(names.first ?? "")` is written twice", suggestion: "keep one of them",
            at: place, path: "")
          return nil
        }
        renamedKeys[place] = name
        attempt = next
      } catch {
        failOnSyntax(error)
        return nil
      }
    }
    fail(
      "the file is empty",
      suggestion: "write at least `announcements: []` to announce nothing on purpose",
      at: Place(line: 1, column: 1), path: "")
    return nil
  }

  /// Each renaming parses the text once more.
  private static let renameLimit = 16

  /// The text with the key at `place` replaced by characters of the private use area, one for
  /// each, so that every other place stays where it is. Nil where the key is not there literally.
  private func renaming(_ name: String, at place: Place, in text: String) -> String? {
    guard let mark = UnicodeScalar(0xe000 + UInt32(renamedKeys.count)) else { return nil }
    var scalars = Array(text.unicodeScalars)
    var line = 1
    var start = 0
    while line < place.line {
      guard let end = scalars[start...].firstIndex(of: "\n") else { return nil }
      start = end + 1
      line += 1
    }
    start += place.column - 1
    guard start < scalars.count else { return nil }
    if scalars[start] == "\"" || scalars[start] == "'" { start += 1 }
    let key = Array(name.unicodeScalars)
    guard !key.isEmpty, scalars[start...].starts(with: key) else { return nil }
    for position in start..<start + key.count { scalars[position] = mark }
    var result = String.UnicodeScalarView()
    result.append(contentsOf: scalars)
    return String(result)
  }

  private func failOnSyntax(_ error: any Error) {
    switch error {
    case YamlError.scanner(let context, let problem, let mark, _),
      YamlError.parser(let context, let problem, let mark, _),
      YamlError.composer(let context, let problem, let mark, _):
      let within = context.map { " \($0.text) that begins on line \($0.mark.line)" } ?? ""
      // The parser's own words for two documents name a context that is no place.
      let isDocument = problem.contains("another document")
      fail(
        isDocument
          ? "a second document begins here" : "this is not YAML: \(problem)\(within)",
        suggestion: isDocument ? "keep one document in the file" : nil, at: Place(mark), path: "")
    case YamlError.reader(let problem, let offset, _, _):
      fail(
        "this is not YAML: \(problem)", suggestion: nil, at: offset.map(place(atCharacter:)),
        path: "")
    default:
      fail("this is not YAML: \(error)", suggestion: nil, at: nil, path: "")
    }
  }

  private func place(atCharacter offset: Int) -> Place {
    var place = Place(line: 1, column: 1)
    for character in text.prefix(offset) {
      if character.isNewline {
        place = Place(line: place.line + 1, column: 1)
      } else {
        place.column += 1
      }
    }
    return place
  }
}

extension Place {
  init(_ mark: Mark) {
    self.init(line: mark.line, column: mark.column)
  }
}
