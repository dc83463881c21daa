import Control
import Testing

struct SelfCheckStatusTests {
  private func lines(_ check: SelfCheckStatus) -> [Substring] {
    var status = sample([announced])
    status.selfCheck = check
    return StatusText.render(status, now: noon, style: eighty).split(separator: "\n")
      .drop { !$0.hasPrefix("links") }.dropFirst().prefix { !$0.hasPrefix("ADDRESS") }
  }

  @Test func aCheckThatPassedSaysFromWhereItWasAsked() {
    #expect(
      lines(SelfCheckStatus(state: .passed, lastAt: ago(12), witnesses: ["lan0": "lan1"]))
        == ["self-check  passed 12s ago: lan0 asked from lan1"])
    #expect(
      lines(SelfCheckStatus(state: .passed, lastAt: ago(12))) == ["self-check  passed 12s ago"])
  }

  @Test func whatWasNotAskedHasNotPassed() {
    #expect(
      lines(
        SelfCheckStatus(
          state: .unchecked, lastAt: ago(12), reason: "no second interface to ask from"))
        == ["self-check  not checked: no second interface to ask from"])
    #expect(
      lines(
        SelfCheckStatus(
          state: .passed, lastAt: ago(1), witnesses: ["a0": "a1"], unchecked: ["b0": "no way"]))
        == ["self-check  passed 1s ago: a0 asked from a1; not checked: b0 (no way)"])
  }

  @Test func aContestedAddressIsSaid() {
    #expect(
      lines(
        SelfCheckStatus(
          state: .contested, lastAt: ago(12), reason: "another station claims 10.80.8.150: 02:x"))
        == ["self-check  contested: another station claims 10.80.8.150: 02:x"])
  }

  @Test func everyFailureHasALine() {
    let check = SelfCheckStatus(state: .failed, lastAt: ago(12), failures: ["one", "two"])
    #expect(lines(check) == ["self-check  one", "            two"])
  }

  @Test func whatWasNotCheckedIsNotMentioned() {
    #expect(lines(SelfCheckStatus(state: .pending)).isEmpty)
    #expect(lines(SelfCheckStatus(state: .off)).isEmpty)
    #expect(lines(.absent).isEmpty)
  }
}
