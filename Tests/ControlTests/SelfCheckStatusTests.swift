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
        == ["check     passed 12s ago: lan0 asked from lan1"])
    #expect(lines(SelfCheckStatus(state: .passed, lastAt: ago(12))) == ["check     passed 12s ago"])
  }

  @Test func everyFailureHasALine() {
    let check = SelfCheckStatus(state: .failed, lastAt: ago(12), failures: ["one", "two"])
    #expect(lines(check) == ["check     one", "          two"])
  }

  @Test func whatWasNotCheckedIsNotMentioned() {
    #expect(lines(SelfCheckStatus(state: .pending)).isEmpty)
    #expect(lines(SelfCheckStatus(state: .off)).isEmpty)
    #expect(lines(.absent).isEmpty)
  }
}
