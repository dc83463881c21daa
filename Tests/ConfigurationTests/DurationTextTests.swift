import Testing

@testable import Configuration

struct DurationTextTests {
  @Test(arguments: [
    ("0ms", Duration.zero), ("500ms", .milliseconds(500)), ("5s", .seconds(5)),
    ("1m", .seconds(60)), ("2h", .seconds(7200)),
  ])
  func aNumberAndAUnitAreADuration(text: String, duration: Duration) {
    #expect(DurationText.parse(text) == duration)
  }

  @Test(arguments: [
    "", "5", "s", "-5s", "+5s", "1.5s", "5 s", "1m30s", "5S", "9223372036854775807h", "5sec",
  ])
  func anythingElseIsNot(text: String) {
    #expect(DurationText.parse(text) == nil)
  }

  @Test(arguments: ["0s", "1ms", "1500ms", "5s", "90s", "1m", "24h"])
  func whatIsWrittenReadsBack(text: String) {
    #expect(DurationText.parse(text).map(DurationText.write) == text)
  }
}
