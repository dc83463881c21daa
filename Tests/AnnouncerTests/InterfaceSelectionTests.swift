import Announcer
import Testing

struct InterfaceSelectionTests {
  func patterns(_ texts: String...) throws -> [InterfacePattern] {
    try texts.map { try InterfacePattern($0) }
  }

  func states(_ selection: InterfaceSelection) -> [String: LinkVerdict.State] {
    Dictionary(uniqueKeysWithValues: selection.verdicts.map { ($0.name, $0.state) })
  }

  func reason(_ selection: InterfaceSelection, _ name: String) -> SkipReason? {
    selection.verdicts.first { $0.name == name }?.reason
  }

  @Test func everyLinkGetsAVerdictAndTheUnmatchedSayThatNoPatternMatches() throws {
    let selection = InterfaceSelection(
      patterns: try patterns("lan0"), links: [ethernet(3, "wan0"), ethernet(2, "lan0")])
    #expect(selection.verdicts.map(\.name) == ["lan0", "wan0"])
    #expect(states(selection) == ["lan0": .active, "wan0": .skipped])
    #expect(reason(selection, "wan0") == .noPatternMatches)
    #expect(selection.verdicts[0].matchedBy == (try patterns("lan0")))
    #expect(selection.verdict(on: LinkID(index: 2, generation: 0))?.name == "lan0")
    #expect(selection.verdict(on: LinkID(index: 2, generation: 1)) == nil)
  }

  @Test func noPatternsAtAllMeanEveryEligibleLink() {
    let selection = InterfaceSelection(
      patterns: [],
      links: [ethernet(2, "eth0"), ethernet(3, "veth1"), ethernet(4, "d0", kind: "dummy")])
    #expect(states(selection) == ["eth0": .active, "veth1": .skipped, "d0": .skipped])
  }

  @Test func aMatchedLinkThatCannotCarryIsDownNotSkipped() throws {
    let selection = InterfaceSelection(
      patterns: try patterns("eth"),
      links: [ethernet(2, "eth0", flags: [.up, .broadcast, .multicast])])
    #expect(states(selection) == ["eth0": .down])
    let verdict = try #require(selection.verdicts.first)
    #expect(verdict.reason == .noCarrier && verdict.arpReason == .noCarrier)
    #expect(!verdict.arp && !verdict.ndp)
  }

  @Test func oneFamilyMissingLeavesTheOther() throws {
    var subject = ethernet(2, "eth0")
    subject.isIPv6Disabled = true
    let verdict = try #require(
      InterfaceSelection(patterns: try patterns("eth0"), links: [subject]).verdicts.first)
    #expect(verdict.state == .active && verdict.arp && !verdict.ndp && verdict.reason == nil)
    #expect(verdict.ndpReason == .ipv6Disabled(name: "eth0"))
  }

  @Test func bothFamiliesMissingSkipTheLink() throws {
    let subject = ethernet(2, "eth0", flags: [.up, .lowerUp])
    let verdict = try #require(
      InterfaceSelection(patterns: try patterns("eth0"), links: [subject]).verdicts.first)
    #expect(verdict.state == .skipped && verdict.reason == .noBroadcast)
  }

  @Test func aPortIsNotUsedEvenByItsExactName() throws {
    let links = [ethernet(2, "eth1", master: 9), ethernet(9, "br0", kind: "bridge")]
    #expect(
      states(InterfaceSelection(patterns: try patterns("eth1", "br0"), links: links))
        == ["eth1": .skipped, "br0": .active])
    #expect(
      states(InterfaceSelection(patterns: try patterns("^eth1$"), links: links))
        == ["eth1": .skipped, "br0": .skipped])
  }

  @Test func ofAParentAndItsChildOneIsUsed() throws {
    let links = [ethernet(5, "mv0", kind: "macvlan", parent: 7), ethernet(7, "eth0")]
    let parentWins = InterfaceSelection(patterns: try patterns("eth0", "mv0"), links: links)
    #expect(states(parentWins) == ["eth0": .active, "mv0": .skipped])
    #expect(reason(parentWins, "mv0") == .sameLAN(as: "eth0", name: "mv0"))

    let childWins = InterfaceSelection(patterns: try patterns("eth0", "^mv0$"), links: links)
    #expect(states(childWins) == ["eth0": .skipped, "mv0": .active])
    #expect(reason(childWins, "eth0") == .sameLAN(as: "mv0", name: "eth0"))

    let childAlone = InterfaceSelection(patterns: try patterns("mv0"), links: links)
    #expect(states(childAlone) == ["eth0": .skipped, "mv0": .active])
  }

  @Test func twoChildrenOfOneParentAreOneLANToo() throws {
    let links = [
      ethernet(6, "mv1", kind: "macvlan", parent: 7),
      ethernet(5, "mv0", kind: "macvlan", parent: 7),
    ]
    #expect(
      states(InterfaceSelection(patterns: try patterns("mv"), links: links))
        == ["mv0": .active, "mv1": .skipped])
  }

  @Test func aChildIsUsedWhereItsParentIsABridgePort() throws {
    let links = [
      ethernet(5, "mv0", kind: "macvlan", parent: 7), ethernet(7, "eth0", master: 9),
      ethernet(9, "sw", kind: "bridge"),
    ]
    #expect(
      states(InterfaceSelection(patterns: try patterns("eth0", "mv0"), links: links))["mv0"]
        == .active)
  }

  @Test func aVLANAndItsParentAreTwoLANs() throws {
    let links = [ethernet(5, "eth0.100", kind: "vlan", parent: 2), ethernet(2, "eth0")]
    #expect(
      states(InterfaceSelection(patterns: try patterns("eth0"), links: links))
        == ["eth0": .active, "eth0.100": .active])
  }

  @Test func anAnnouncementsOwnPatternsNarrowTheDefaults() throws {
    let links = [ethernet(2, "eth0"), ethernet(3, "eth1"), ethernet(4, "wan0")]
    let selection = InterfaceSelection(
      patterns: try patterns("eth"), narrowedBy: try patterns("^eth1$", "wan"), links: links)
    #expect(states(selection) == ["eth0": .skipped, "eth1": .active, "wan0": .skipped])
    #expect(reason(selection, "eth0") == .outsideTheNarrowerPatterns)
    #expect(reason(selection, "wan0") == .noPatternMatches)
    #expect(selection.verdicts[1].matchedBy.map(\.text) == ["eth", "^eth1$"])
  }

  @Test func theNarrowerPatternMayBeTheOneThatNamesTheLinkExactly() throws {
    let selection = InterfaceSelection(
      patterns: try patterns("veth"), narrowedBy: try patterns("^veth1$"),
      links: [ethernet(2, "veth1")]
    )
    #expect(states(selection) == ["veth1": .active])
  }

  @Test func patternsThatMatchSeveralOrNothingAreNoted() throws {
    let links = [
      ethernet(2, "eth0"), ethernet(3, "eth0.100", kind: "vlan", parent: 2), ethernet(4, "veth0"),
    ]
    let all = try patterns("eth0", "^eth", "wan", "^eth0$")
    #expect(
      InterfaceSelection(patterns: all, links: links).notes == [
        .matchesSeveral(all[0], names: ["eth0", "eth0.100", "veth0"]),
        .matchesSeveral(all[1], names: ["eth0", "eth0.100"]),
        .matchesNothing(all[2], among: ["eth0", "eth0.100", "veth0"]),
      ])
  }

  @Test func theOrderOfTheLinksDoesNotMatter() throws {
    let links = [
      ethernet(2, "eth0"), ethernet(3, "mv0", kind: "macvlan", parent: 2),
      ethernet(4, "mv1", kind: "macvlan", parent: 2), ethernet(5, "eth1", master: 6),
      ethernet(6, "br0", kind: "bridge"),
    ]
    let chosen = try patterns("mv", "eth", "br")
    let expected = InterfaceSelection(patterns: chosen, links: links)
    var random = SystemRandomNumberGenerator()
    for _ in 0..<50 {
      #expect(
        InterfaceSelection(patterns: chosen, links: links.shuffled(using: &random)) == expected)
    }
  }
}
