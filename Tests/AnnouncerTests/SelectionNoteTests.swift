import Announcer
import Testing

struct SelectionNoteTests {
  @Test func manyNamesAreCutShort() throws {
    let names = (1...9).map { "eth\($0)" }
    let note = SelectionNote.matchesSeveral(try InterfacePattern("eth"), names: names)
    #expect(
      "\(note)" == "pattern 'eth' has no anchors and matches 9 interfaces "
        + "(eth1, eth2, eth3, eth4, eth5, eth6 and 3 more): write ^name$ if one is meant")
  }

  @Test func whatThereIsIsListedWhereNothingMatches() throws {
    func text(_ names: [String]) throws -> String {
      "\(SelectionNote.matchesNothing(try InterfacePattern("wan"), among: names))"
    }
    let none = "pattern 'wan' matches no interface of this node"
    #expect(try text([]) == none)
    #expect(try text(["lo", "ens18"]) == "\(none), which has lo, ens18")
    let many = (1...14).map { "veth\($0)" }
    #expect(
      try text(many)
        == "\(none), which has \(many.prefix(12).joined(separator: ", ")) and 2 more")
  }
}
