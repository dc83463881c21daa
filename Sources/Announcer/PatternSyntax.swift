/// What a pattern says, as a list of parts that name each other by their place.
struct PatternSyntax: Sendable {
  var parts: [Part] = []
  /// The part that is the whole pattern.
  var root = 0

  enum Part: Sendable {
    case one(CharacterTest)
    /// One after the other; nothing at all where there are none.
    case sequence([Int])
    case choice([Int])
    /// - most: nil for any number.
    case repeated(Int, least: Int, most: Int?)
    case start, end
    /// Between a character of a word and another; or the contrary.
    case wordBoundary(isThere: Bool)
    /// What follows is, or is not, this.
    case lookahead(Int, isThere: Bool)
  }

  /// What a single character may be.
  struct CharacterTest: Sendable {
    var items: [Item]
    var isNegated = false
    var ignoresCase = false

    enum Item: Sendable {
      case any, digit, word, space
      case range(Character, Character)
      /// `[:alpha:]` and its like; the name.
      case named(NamedClass)
      case not([Item])
    }

    enum NamedClass: String, Sendable {
      case alnum, alpha, ascii, blank, cntrl, digit, graph, lower, print, punct, space, upper
      case word, xdigit
    }
  }

  mutating func add(_ part: Part) -> Int {
    parts.append(part)
    return parts.count - 1
  }
}

extension PatternSyntax.CharacterTest {
  func holds(for character: Character) -> Bool {
    var holds = items.contains { Self.holds($0, character) }
    if ignoresCase, !holds {
      holds = [character.lowercased(), character.uppercased()].contains { text in
        guard let other = text.first, text.count == 1 else { return false }
        return items.contains { Self.holds($0, other) }
      }
    }
    return holds != isNegated
  }

  private static func holds(_ item: Item, _ character: Character) -> Bool {
    switch item {
    case .any: true
    case .digit: character.isNumber
    case .word: character.isInWord
    case .space: character.isWhitespace
    case .range(let first, let last): first <= character && character <= last
    case .named(let name): name.holds(for: character)
    case .not(let items): !items.contains { holds($0, character) }
    }
  }
}

extension PatternSyntax.CharacterTest.NamedClass {
  func holds(for character: Character) -> Bool {
    let code = character.asciiValue
    return switch self {
    case .alnum: character.isLetter || character.isNumber
    case .alpha: character.isLetter
    case .ascii: code != nil
    case .blank: character == " " || character == "\t"
    case .cntrl: code.map { $0 < 0x20 || $0 == 0x7f } ?? false
    case .digit: character.isNumber
    case .graph: code.map { 0x21...0x7e ~= $0 } ?? false
    case .lower: character.isLowercase
    case .print: code.map { 0x20...0x7e ~= $0 } ?? false
    case .punct:
      code.map { 0x21...0x7e ~= $0 } ?? false && !character.isLetter && !character.isNumber
    case .space: character.isWhitespace
    case .upper: character.isUppercase
    case .word: character.isInWord
    case .xdigit: character.isHexDigit
    }
  }
}

extension Character {
  /// `\w`.
  var isInWord: Bool { isLetter || isNumber || self == "_" }
}
