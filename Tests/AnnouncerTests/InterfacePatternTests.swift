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
}
