import FaultCheckers
import Testing

struct ReportTextTests {
  private var held: FaultResult {
    var result = FaultResult(fault: "sigkill", leaseMs: 2000, verdict: .held)
    result.runs = 5
    result.gapMs = .init(Distribution([1800, 2100].map { .milliseconds($0) }))
    result.boundMs = 2700
    result.overlapMs = 0
    result.uncovered = 0
    return result
  }

  private var broken: FaultResult {
    var result = held
    result.verdict = .broken
    result.overlapMs = 0.04
    result.complaints = ["two nodes spoke"]
    result.evidence = "/tmp/evidence"
    return result
  }

  @Test func everyLineFitsAHundredColumns() {
    #expect(ReportText.header.count <= 100)
    #expect(ReportText.line(held).count == ReportText.header.count)
    let long = FaultResult(
      fault: String(repeating: "x", count: 60), leaseMs: 2000, verdict: .held)
    #expect(ReportText.line(long).count == ReportText.header.count)
  }

  @Test func aRowHasTheFiguresOfTheFault() {
    let words = ReportText.line(held).split(separator: " ").map(String.init)
    #expect(
      words == ["sigkill", "2", "s", "5", "1800", "2100", "2100", "2700", "0.0", "0", "held"])
  }

  /// A twentieth of a millisecond of overlap is no zero.
  @Test func smallFiguresAreRoundedUp() {
    #expect(ReportText.line(broken).contains(" 0.1 "))
  }

  @Test func whatWasWrongIsBelowTheTable() {
    var skipped = FaultResult(fault: "step", leaseMs: 2000, verdict: .skipped)
    skipped.complaints = ["needs --step-clock"]
    let text = ReportText.render([held, broken, skipped])
    #expect(text.contains("3 faults: 1 held, 1 broken, 1 skipped."))
    #expect(text.contains("  - two nodes spoke\n  evidence: /tmp/evidence"))
    #expect(text.contains("step skipped: needs --step-clock"))
  }
}
