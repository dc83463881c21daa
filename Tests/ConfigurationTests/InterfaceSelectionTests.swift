import Announcer
import Configuration
import Testing

import struct Configuration.InterfaceSelection

struct InterfaceSelectionTests {
  private func selection(_ lists: [[String]]) throws -> InterfaceSelection {
    InterfaceSelection(lists: try lists.map { try $0.map { try InterfacePattern($0) } })
  }

  @Test func anOwnListNarrowsTheDefault() throws {
    let both = try selection([["lan", "^enp"], ["^lan0$", "wlan"]])
    #expect(both.matches("lan0"))
    #expect(!both.matches("lan1") && !both.matches("enp3s0"))
    #expect(!(try selection([["vmnet"], ["^lan0$"]])).matches("lan0"))
    #expect(try selection([]).matches("anything"))
  }

  @Test func aLinkIsNamedExactlyWhereOneListDoesAndAllMatch() throws {
    #expect(try selection([["lan"], ["^lan0$"]]).names(exactly: "lan0"))
    #expect(!(try selection([["lan"], ["lan0"]])).names(exactly: "lan0"))
    #expect(!(try selection([["vmnet"], ["^lan0$"]])).names(exactly: "lan0"))
  }

  @Test func thePatternsThatMatchedAreListedOnce() throws {
    let patterns = try selection([["lan", "^lan0$", "x"], ["lan"]]).patterns(matching: "lan0")
    #expect(patterns.map(\.text) == ["lan", "^lan0$"])
  }
}
