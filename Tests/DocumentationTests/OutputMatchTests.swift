import Testing

@Suite struct OutputMatchTests {
  @Test func whatDiffersFromRunToRunMayDiffer() {
    expect(["lan0  active  02:00:00:00:00:01"], "lan0   active  9a:bc:00:11:22:33\n", true)
    expect(["12 answers, 3.5 ms ago"], "7 answers, 4 ms ago\n", true)
    expect(["at 2026-01-02T03:04:05Z"], "at 2027-05-06T07:08:09.123Z", true)
    expect(["a", "…", "d"], "a\nb\nc\nd\n", true)
    expect(["a", "…", "d"], "a\nd\n", true)
    expect(["held by … since"], "held by node-a/1 since", true)
  }

  @Test func whatMattersMayNot() {
    expect(["10.80.8.150 announcing"], "10.80.8.151 announcing", false)
    expect(["10.80.8.150 announcing"], "10.80.8.150 standby", false)
    expect(["node-a"], "node-b", false)
    expect(["a"], "a\nb\n", false)
    expect(["a", "b"], "a\n", false)
    expect(["a … c"], "a b d", false)
    expect(["ab…bc"], "abc", false)
    expect(["lan0"], "lan1", false)
  }

  private func expect(
    _ shown: [String], _ printed: String, _ matches: Bool,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(
      OutputMatch.matches(shown, printed) == matches, "\(shown.map(OutputMatch.masked))",
      sourceLocation: sourceLocation)
  }
}
