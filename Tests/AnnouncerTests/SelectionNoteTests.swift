import Announcer
import Testing

struct SelectionNoteTests {
  @Test func manyNamesAreCutShort() throws {
    let names = (1...9).map { "eth\($0)" }
    let note = SelectionNote.matchesSeveral(try InterfacePattern("eth"), names: names)
    #expect(
      "\(note)" == "pattern 'eth' has no anchors and matches 9 interfaces "
        + "(eth1, eth2, eth3, eth4, eth5, eth6 and 3 more): write ^name$ if one is meant")
    #expect(
      "\(SelectionNote.matchesNothing(try InterfacePattern("wan")))"
        == "pattern 'wan' matches no interface of this node")
  }
}
