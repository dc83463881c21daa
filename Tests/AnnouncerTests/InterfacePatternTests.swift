import Announcer
import Testing

struct InterfacePatternTests {
  @Test(arguments: [
    ("eth0", "eth0", true), ("eth0", "eth0.100", true), ("eth0", "veth0", true),
    ("^enp.*", "enp3s0", true), ("^enp.*", "xenp3s0", false), ("^lan0$", "lan0", true),
    ("^lan0$", "lan01", false), ("lan0|vmnet", "vmnet3", true), ("eth[01]", "eth2", false),
  ])
  func patternsAreUnanchored(pattern: String, name: String, matches: Bool) throws {
    #expect(try InterfacePattern(pattern).matches(name) == matches)
  }

  @Test(arguments: [
    ("a(b", "expected ')'", 1), ("[x", "expected ']'", 1), ("*a", "quantifier '*' must appear", 0),
    ("lan0|(", "expected ')'", 5), ("", "an empty pattern", 0),
  ])
  func aBadPatternNamesItselfAndThePlace(pattern: String, message: String, offset: Int) {
    let failure = #expect(throws: InterfacePattern.Failure.self) { try InterfacePattern(pattern) }
    #expect(failure?.pattern == pattern)
    #expect(failure?.message.contains(message) == true)
    #expect(failure?.offset == offset)
  }

  @Test func onlyAnAnchoredLiteralNamesALinkExactly() throws {
    #expect(try InterfacePattern("^veth1$").names(exactly: "veth1"))
    #expect(try !InterfacePattern("^veth.$").names(exactly: "veth1"))
    #expect(try !InterfacePattern("veth1").names(exactly: "veth1"))
    #expect(try InterfacePattern("^veth").isUnanchored)
    #expect(try !InterfacePattern("^veth1$").isUnanchored)
  }

  @Test(arguments: [
    ("^(?!docker|br-)", "lan0", true), ("^(?!docker|br-)", "br-1", false),
    ("^(?=lan)...0$", "lan0", true), ("(?i)LAN0", "lan0", true), ("(?i:L)an", "Lan0", true),
    ("(?i:L)AN", "lan0", false), ("a(?i)b|c", "C", true), ("(a(?i)b)|c", "C", false),
    ("(?-i)a", "A", false), ("^[[:alpha:]]+[[:digit:]]$", "lan0", true),
    ("^[[:^digit:]]+$", "lan0", false), (#"^\w+\.\d{3}$"#, "eth0.100", true),
    (#"^eth\d{1,2}$"#, "eth123", false), (#"\x6can"#, "lan0", true),
    (#"\x{6c}an"#, "lan0", true), ("(?<name>lan)0", "lan0", true), ("(?P<name>lan)0", "lan0", true),
    ("lan(?#the LAN)0", "lan0", true), ("^(eth|lan){2}$", "ethlan", true),
    ("^(eth|lan){2}$", "lan", false), ("^a{,2}$", "aaa", false), ("^a{2,}$", "aaa", true),
    ("a{x}", "a{x}", true), ("[^a-y]", "z", true), ("[a-]", "-", true),
    (#"\bip\b"#, "x-ip-y", true), (#"\bip\b"#, "tip", false), (#"^\S+?$"#, "lan0", true),
    (#"\Alan0\z"#, "lan0", true), ("^$", "lan0", false), ("x*", "lan0", true),
    ("(^)*l", "lan0", true),
    ("(|a)+$", "bab", true), ("lan0", "lan0@if5", true),
  ])
  func whatPatternsSay(pattern: String, name: String, matches: Bool) throws {
    #expect(try InterfacePattern(pattern).matches(name) == matches)
  }

  private static let manyStars = String(repeating: ".*", count: 60) + "!"
  private static let deepStars =
    String(repeating: "(", count: 60) + "a" + String(repeating: "*)", count: 60) + "!"

  /// Such patterns take an engine that tries one way after the other longer than anybody waits.
  @Test(
    .timeLimit(.minutes(1)),
    arguments: [
      "(a|a|a|a|a|a|a|a)+$", "(a+)+$", "((a*)*)*!", "(a?){15}a{15}!", "^(.|a|[a-z]|\\w|[^!]|.)+!$",
      Self.manyStars, Self.deepStars, "((a{1,1000}){1,1000}){1,1000}!",
    ])
  func noPatternTakesLong(pattern: String) throws {
    let subject = try InterfacePattern(pattern)
    #expect(!subject.matches("aaaaaaaaaaaaaab"))
    // Nor does the choice of interfaces.
    let link = Link(id: LinkID(index: 2, generation: 0), name: "aaaaaaaaaaaaaab")
    #expect(InterfaceSelection(patterns: [subject], links: [link]).verdicts.count == 1)
  }

  @Test(arguments: [#"(l)an\1"#, "(?>lan)0", "a++", "[a-z&&[^l]]", #"\p{L}an"#])
  func whatWouldNeedTryingIsRefused(pattern: String) {
    let failure = #expect(throws: InterfacePattern.Failure.self) { try InterfacePattern(pattern) }
    #expect(failure?.message.contains("cannot be used here") == true, "\(failure?.message ?? "")")
  }

  /// A pattern and a name of few letters, so that many match.
  private struct Chance {
    var random: Random

    mutating func pattern(_ depth: Int = 3) -> String {
      if depth == 0 {
        return ["a", "b", ".", "[ab]", "[^a]", "\\w", "^", "$"].randomElement(using: &random)!
      }
      let one = pattern(depth - 1)
      let other = pattern(depth - 1)
      return [
        "\(one)\(other)", "(\(one)|\(other))", "(?:\(one))*", "(\(one))+", "(\(one))?",
        "(?:\(one)){1,2}\(other)",
        "(?!\(one))\(other)", "(?=\(one))\(other)", "(?:\(one)){2}",
      ].randomElement(using: &random)!
    }

    mutating func name() -> String {
      String(
        (0..<Int.random(in: 0...5, using: &random)).map { _ in "abc".randomElement(using: &random)!
        })
    }
  }

  /// Xorshift: the same cases each time.
  private struct Random: RandomNumberGenerator {
    var state: UInt64 = 0x2545_F491_4F6C_DD1D
    mutating func next() -> UInt64 {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return state
    }
  }

  @Test func theMatcherAgreesWithTheStandardLibrary() throws {
    var chance = Chance(random: Random())
    for _ in 0..<400 {
      let pattern = chance.pattern()
      guard let expression = try? Regex(pattern) else { continue }
      let subject = try InterfacePattern(pattern)
      for _ in 0..<5 {
        let name = chance.name()
        #expect(
          subject.matches(name) == (name.firstMatch(of: expression) != nil),
          "\(pattern) on '\(name)'")
      }
    }
  }
}
