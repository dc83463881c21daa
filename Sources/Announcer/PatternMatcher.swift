/// Whether a pattern matches somewhere in a name.
///
/// For each part and each place in the name it is found once where the part may end. So the time is bounded by the
/// lengths of both, whatever the pattern is. An engine that tries one way after the other takes years for
/// `(a|a|a|a)+$` and fifteen letters, and a policy with such a pattern would stop every daemon of a cluster.
struct PatternMatcher {
  private let syntax: PatternSyntax
  private let name: [Character]
  /// Where each part may end, by the place where it begins.
  private var known: [[Places?]]

  /// Places between characters, one a bit.
  private typealias Places = UInt64

  /// Names that long do not exist: an interface's name has at most 15 octets.
  static let longestName = 63

  static func matches(_ syntax: PatternSyntax, _ name: String) -> Bool {
    let name = Array(name)
    guard name.count <= longestName else { return false }
    var matcher = PatternMatcher(syntax, name)
    return (0...name.count).contains { matcher.ends(of: syntax.root, from: $0) != 0 }
  }

  private init(_ syntax: PatternSyntax, _ name: [Character]) {
    self.syntax = syntax
    self.name = name
    known = Array(
      repeating: Array(repeating: nil, count: name.count + 1), count: syntax.parts.count)
  }

  private mutating func ends(of part: Int, from place: Int) -> Places {
    if let ends = known[part][place] { return ends }
    let ends = look(syntax.parts[part], place)
    known[part][place] = ends
    return ends
  }

  private mutating func ends(of part: Int, fromAny places: Places) -> Places {
    var rest = places
    var ends: Places = 0
    while rest != 0 {
      ends |= self.ends(of: part, from: rest.trailingZeroBitCount)
      rest &= rest - 1
    }
    return ends
  }

  private mutating func look(_ part: PatternSyntax.Part, _ place: Int) -> Places {
    let here = Places(1) << Places(place)
    switch part {
    case .one(let test):
      return place < name.count && test.holds(for: name[place]) ? here << 1 : 0
    case .sequence(let parts):
      var places = here
      for part in parts where places != 0 { places = ends(of: part, fromAny: places) }
      return places
    case .choice(let parts):
      var places: Places = 0
      for part in parts { places |= ends(of: part, from: place) }
      return places
    case .repeated(let part, let least, let most):
      return ends(of: part, from: here, least: least, most: most)
    case .start: return place == 0 ? here : 0
    case .end: return place == name.count ? here : 0
    case .wordBoundary(let isThere):
      let before = place > 0 && name[place - 1].isInWord
      let after = place < name.count && name[place].isInWord
      return (before != after) == isThere ? here : 0
    case .lookahead(let part, let isThere):
      return (ends(of: part, from: place) != 0) == isThere ? here : 0
    }
  }

  private mutating func ends(
    of part: Int, from here: Places, least: Int, most: Int?
  ) -> Places {
    var places = here
    for _ in 0..<least {
      let next = ends(of: part, fromAny: places)
      // Another round changes nothing any more.
      if next == places { break }
      places = next
    }
    return grown(part, places, least, most)
  }

  /// What `places` become with the rounds that may be and need not.
  private mutating func grown(_ part: Int, _ places: Places, _ least: Int, _ most: Int?) -> Places {
    var all = places
    var new = places
    var rounds = most.map { $0 - least }
    while new != 0, rounds != 0 {
      new = ends(of: part, fromAny: new) & ~all
      all |= new
      rounds? -= 1
    }
    return all
  }
}
