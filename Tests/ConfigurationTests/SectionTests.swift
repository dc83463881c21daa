import Configuration
import Testing

struct SectionTests {
  @Test(arguments: [
    ("interface: [lan0]", "1:1: interface: unknown key; did you mean `interfaces`?"),
    ("lease: {druation: 5s}", "1:9: lease.druation: unknown key; did you mean `duration`?"),
    (
      "control: {port: 80}", "1:11: control.port: unknown key; the keys here are `socket`"
    ),
    (
      "log: {colour: red}",
      "1:7: log.colour: unknown key; the keys here are `level`, `format`"
    ),
    (
      "log: {1: 2}", "1:7: log.1: unknown key; the keys here are `level`, `format`"
    ),
    (
      "[a, b]: c", "1:1: a key must be plain text, not a list or a mapping; write the key out"
    ),
    ("- node: a", "1:1: a mapping of keys is expected here, not a list"),
    ("hello", "1:1: a mapping of keys is expected here, not text"),
  ])
  func aKeyThatNobodyKnowsIsNamedWithTheNearest(text: String, message: String) {
    #expect(theFault(text) == "announcer.yaml:\(message)")
  }

  @Test func aKeyWrittenTwiceIsReportedWithBothPlacesAndTheRestIsStillRead() {
    #expect(
      faults(
        """
        node: a
        conflicts: attack
        log: {level: info, "level": debug}
        node: b
        node: c
        """) == [
          "announcer.yaml:2:12: conflicts: 'attack' is not possible here; write defend or report",
          "announcer.yaml:3:20: log.level: the key is written twice, first on line 3; "
            + "keep one of them",
          "announcer.yaml:4:1: node: the key is written twice, first on line 1; keep one of them",
          "announcer.yaml:5:1: node: the key is written twice, first on line 1; keep one of them",
        ])
  }

  @Test func aliasesAndMergesWork() throws {
    let configuration = try parse(
      """
      interfaces: &lan [lan0]
      announcements:
        - &base
          addresses: &all [10.0.0.1]
          nodes: [a]
        - <<: *base
          nodes: [b]
          interfaces: *lan
        - {<<: [*base], addresses: *all}
      """)
    #expect(configuration.announcements.map(\.nodes) == [["a"], ["b"], ["a"]])
    #expect(configuration.announcements.map(\.ranges.count) == [1, 1, 1])
  }
}
