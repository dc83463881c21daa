/// Reads patterns: the regular expressions of RE2, which policies for Cilium are written in, and lookahead.
///
/// What needs more than a list of places to match is refused: backreferences, atomic groups and possessive
/// quantifiers.
struct PatternParser {
  private let text: [Character]
  private var place = 0
  private var ignoresCase = false
  private var syntax = PatternSyntax()

  struct Failure: Error {
    let message: String
    /// In characters from 0.
    let offset: Int
  }

  private typealias CharacterTest = PatternSyntax.CharacterTest

  static func parse(_ text: String) throws(Failure) -> PatternSyntax {
    var parser = PatternParser(text: Array(text))
    let root = try parser.choice()
    parser.syntax.root = root
    guard parser.place == parser.text.count else { throw parser.unexpected() }
    return parser.syntax
  }

  private init(text: [Character]) { self.text = text }

  // MARK: What is there

  private var next: Character? { place < text.count ? text[place] : nil }

  private func isNext(_ word: String) -> Bool { text[place...].starts(with: word) }

  private mutating func take(_ word: String) -> Bool {
    guard isNext(word) else { return false }
    place += word.count
    return true
  }

  private func unexpected() -> Failure {
    guard let next else { return Failure(message: "something is missing", offset: place - 1) }
    return Failure(message: "unexpected '\(next)'", offset: place)
  }

  private func unsupported(_ what: String, at offset: Int) -> Failure {
    Failure(message: "\(what) cannot be used here", offset: offset)
  }

  // MARK: Parts

  private mutating func choice() throws(Failure) -> Int {
    var parts = [try sequence()]
    while take("|") { parts.append(try sequence()) }
    return parts.count == 1 ? parts[0] : syntax.add(.choice(parts))
  }

  private mutating func sequence() throws(Failure) -> Int {
    var parts: [Int] = []
    while let next, next != "|", next != ")" {
      guard let atom = try atom() else { continue }
      parts.append(try repeated(atom))
    }
    return parts.count == 1 ? parts[0] : syntax.add(.sequence(parts))
  }

  private mutating func repeated(_ atom: Int) throws(Failure) -> Int {
    var part = atom
    while let (least, most) = try quantifier() {
      part = syntax.add(.repeated(part, least: least, most: most))
      if next == "+" { throw unsupported("a possessive quantifier", at: place) }
      // As few as possible: that decides what matches, and not whether.
      _ = take("?")
    }
    return part
  }

  private mutating func quantifier() throws(Failure) -> (Int, Int?)? {
    if take("*") { return (0, nil) }
    if take("+") { return (1, nil) }
    if take("?") { return (0, 1) }
    let before = place
    guard take("{") else { return nil }
    let least = number()
    var most = least
    if take(",") { most = number() }
    let isRange = text[before..<place].contains(",")
    guard least != nil || (isRange && most != nil), take("}") else {
      // A brace like any other character.
      place = before
      return nil
    }
    if let most, most < least ?? 0 {
      throw Failure(message: "the range of the quantifier runs backwards", offset: before)
    }
    return (least ?? 0, most)
  }

  private mutating func number() -> Int? {
    let digits = text[place...].prefix { $0.isASCII && $0.isNumber }
    place += digits.count
    return Int(String(digits))
  }

  /// Nil for what says something about the rest and matches nothing itself.
  private mutating func atom() throws(Failure) -> Int? {
    let start = place
    guard let character = next else { throw unexpected() }
    switch character {
    case "(": return try group()
    case "[":
      place += 1
      return syntax.add(.one(try characterClass(from: start)))
    case "\\": return try escape()
    case "*", "+", "?": throw unexpected()
    default: break
    }
    place += 1
    return switch character {
    case ".": syntax.add(.one(CharacterTest(items: [.any])))
    case "^": syntax.add(.start)
    case "$": syntax.add(.end)
    default: literal(character)
    }
  }

  private mutating func literal(_ character: Character) -> Int {
    syntax.add(
      .one(CharacterTest(items: [.range(character, character)], ignoresCase: ignoresCase)))
  }

  private mutating func group() throws(Failure) -> Int? {
    let start = place
    place += 1
    let outer = ignoresCase
    if take("?#") {
      guard let end = text[place...].firstIndex(of: ")") else { throw unexpected() }
      place = end + 1
      return nil
    }
    var isThere: Bool?
    if take("?=") {
      isThere = true
    } else if take("?!") {
      isThere = false
    } else if isNext("?<=") || isNext("?<!") {
      throw unsupported("lookbehind", at: start)
    } else if isNext("?<") || isNext("?P<") {
      guard let end = text[place...].firstIndex(of: ">") else { throw unexpected() }
      place = end + 1
    } else if isNext("?>") {
      throw unsupported("an atomic group", at: start)
    } else if take("?") {
      try flags()
      // Then they are for the rest of the group around it.
      if take(")") { return nil }
      guard take(":") else { throw unexpected() }
    } else if isNext("*") {
      throw unsupported("'(*'", at: start)
    }
    let part = try choice()
    ignoresCase = outer
    guard take(")") else { throw Failure(message: "expected ')'", offset: start) }
    guard let isThere else { return part }
    return syntax.add(.lookahead(part, isThere: isThere))
  }

  private mutating func flags() throws(Failure) {
    var isOn = true
    while let flag = next, flag != ")", flag != ":" {
      switch flag {
      case "-": isOn = false
      case "i": ignoresCase = isOn
      // No name has a line break.
      case "m", "s": break
      default: throw unsupported("the flag '\(flag)'", at: place)
      }
      place += 1
    }
  }

  // MARK: Characters

  private mutating func escape() throws(Failure) -> Int {
    let start = place
    place += 1
    guard let character = next else { throw unexpected() }
    place += 1
    switch character {
    case "A": return syntax.add(.start)
    case "z", "Z": return syntax.add(.end)
    case "b": return syntax.add(.wordBoundary(isThere: true))
    case "B": return syntax.add(.wordBoundary(isThere: false))
    default: break
    }
    if let item = Self.shorthand(character) {
      return syntax.add(.one(CharacterTest(items: [item])))
    }
    return literal(try escaped(character, from: start))
  }

  /// `\d` and its like.
  private static func shorthand(_ character: Character) -> CharacterTest.Item? {
    switch character {
    case "d": .digit
    case "D": .not([.digit])
    case "w": .word
    case "W": .not([.word])
    case "s": .space
    case "S": .not([.space])
    default: nil
    }
  }

  /// The character that a backslash and `character`, which has been read, stand for.
  private mutating func escaped(
    _ character: Character, from start: Int
  ) throws(Failure) -> Character {
    switch character {
    case "t": return "\t"
    case "n": return "\n"
    case "r": return "\r"
    case "f": return "\u{c}"
    case "v": return "\u{b}"
    case "a": return "\u{7}"
    case "x":
      let isBraced = take("{")
      let digits = text[place...].prefix(isBraced ? 6 : 2).prefix { $0.isHexDigit }
      place += digits.count
      guard !isBraced || take("}"),
        let scalar = UInt32(String(digits), radix: 16).flatMap({ Unicode.Scalar($0) })
      else { throw Failure(message: "no character has this number", offset: start) }
      return Character(scalar)
    default:
      guard !character.isLetter, !character.isNumber else {
        throw unsupported("'\\\(character)'", at: start)
      }
      return character
    }
  }

  private mutating func characterClass(from start: Int) throws(Failure) -> CharacterTest {
    var test = CharacterTest(items: [], ignoresCase: ignoresCase)
    if take("^") { test.isNegated = true }
    var isFirst = true
    while let character = next, character != "]" || isFirst {
      isFirst = false
      if isNext("[:") {
        test.items.append(try namedClass())
        continue
      }
      for operation in ["&&", "--", "~~", "["] where isNext(operation) {
        throw unsupported("'\(operation)' in a class of characters", at: place)
      }
      place += 1
      if character == "\\", let escaped = next, let item = Self.shorthand(escaped) {
        place += 1
        test.items.append(item)
        continue
      }
      let first = try member(character)
      var last = first
      if next == "-", place + 1 < text.count, text[place + 1] != "]" {
        place += 1
        guard let character = next else { throw unexpected() }
        place += 1
        last = try member(character)
        guard first <= last else {
          throw Failure(message: "the range runs backwards", offset: place - 1)
        }
      }
      test.items.append(.range(first, last))
    }
    guard take("]") else { throw Failure(message: "expected ']'", offset: start) }
    return test
  }

  /// A member of a class whose first character has been read.
  private mutating func member(_ character: Character) throws(Failure) -> Character {
    guard character == "\\" else { return character }
    let start = place - 1
    guard let escaped = next else { throw unexpected() }
    place += 1
    return escaped == "b" ? "\u{8}" : try self.escaped(escaped, from: start)
  }

  private mutating func namedClass() throws(Failure) -> CharacterTest.Item {
    let start = place
    place += 2
    let isNegated = take("^")
    let name = String(text[place...].prefix { $0.isLetter })
    place += name.count
    guard let named = CharacterTest.NamedClass(rawValue: name), take(":]") else {
      throw unsupported("the class '\(name)'", at: start)
    }
    return isNegated ? .not([.named(named)]) : .named(named)
  }
}
