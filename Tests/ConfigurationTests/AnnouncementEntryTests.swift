import Configuration
import Testing

struct AnnouncementEntryTests {
  @Test func anEntryNeedsAddresses() {
    #expect(
      theFault("announcements:\n  - name: a")
        == "announcer.yaml:2:5: announcements[0]: it has no addresses; "
        + "write `addresses: [10.80.8.150]`")
    #expect(
      theFault("announcements: [{addresses: []}]")
        == "announcer.yaml:1:29: announcements[0].addresses: the list has no addresses; "
        + "write `addresses: [10.80.8.150]`")
    #expect(
      theFault("announcements: [{addresses: 10.0.0.1}]")
        == "announcer.yaml:1:29: announcements[0].addresses: a list is expected here, not text; "
        + "write `[10.0.0.1]`")
    #expect(
      theFault("announcements: {addresses: [10.0.0.1]}")
        == "announcer.yaml:1:16: announcements: a list is expected here, not a mapping of keys; "
        + "write `- addresses: [10.80.8.150]`")
  }

  @Test func aNameIsTakenOnce() {
    #expect(
      theFault(
        """
        announcements:
          - {name: a, addresses: [10.0.0.1]}
          - {name: a, addresses: [10.0.0.2]}
        """)
        == "announcer.yaml:3:12: announcements[1].name: the name 'a' is taken by the announcement "
        + "on line 2; give each a name of its own")
    #expect(
      theFault("announcements: [{name: a b, addresses: [10.0.0.1]}]").contains(
        "'a b' cannot be a name; write one word, such as ingress"))
  }

  @Test func theSameAddressMayBeWrittenTwice() throws {
    let text = "announcements: [{addresses: [10.0.0.1, 10.0.0.1]}, {addresses: [10.0.0.0/30]}]"
    #expect(try parse(text).announcements.map(\.ranges.count) == [2, 1])
  }

  @Test func theLimitHoldsForAllAddressesTogether() throws {
    let one = "announcements: [{addresses: [10.0.0.0/16]}, {addresses: [10.0.0.0/17]}]"
    #expect(try parse(one).announcements.count == 2)
    #expect(
      theFault("announcements: [{addresses: [10.0.0.0/16]}, {addresses: [10.1.0.0]}]")
        == "announcer.yaml:1:16: announcements: 65,537 different addresses in all; "
        + "at most 65,536 can be announced")
  }

  @Test func emptyListsSayWhatTheyWouldMean() {
    let text = "announcements: [{addresses: [10.0.0.1], interfaces: [], nodes: []}]"
    #expect(
      faults(text) == [
        "announcer.yaml:1:53: announcements[0].interfaces: an empty list matches no interface; "
          + "leave the key out for the default",
        "announcer.yaml:1:64: announcements[0].nodes: an empty list lets no node announce it; "
          + "leave the key out for every node",
      ])
  }
}
