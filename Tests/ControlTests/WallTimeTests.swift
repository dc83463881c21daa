import Control
import Testing

struct WallTimeTests {
  @Test(arguments: [
    (0, "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
    (951_782_400_000_000_000, "2000-02-29T00:00:00.000Z"),
    (1_795_262_400_123_999_999, "2026-11-21T12:00:00.123Z"),
    (4_102_444_799_999_000_000, "2099-12-31T23:59:59.999Z"),
    (4_107_542_400_000_000_000, "2100-03-01T00:00:00.000Z"),
  ])
  func aTimeIsWrittenInUTCWithMilliseconds(nanoseconds: Int64, text: String) {
    #expect(WallTime(nanoseconds: nanoseconds).description == text)
  }

  @Test func whatIsWrittenReadsBack() {
    // Steps of a prime number of milliseconds through 230 years.
    for step in stride(from: Int64(-2_000_000_000_000), to: 5_000_000_000_000, by: 7_919_000_777) {
      let time = WallTime(nanoseconds: step * 1_000_000)
      #expect(WallTime(time.description) == time)
    }
  }

  @Test(arguments: [
    "", "2026-11-21", "2026-11-21T12:00:00Z", "2026-13-21T12:00:00.000Z",
    "2026-11-21T24:00:00.000Z", "2026-11-21 12:00:00.000Z", "2026-11-2xT12:00:00.000Z",
    "9999-11-21T12:00:00.000Z",
  ])
  func anythingElseIsNoTime(text: String) {
    #expect(WallTime(text) == nil)
  }

  @Test(arguments: [
    ("2026-11-21T12:00:00Z", ".000"), ("2026-11-21T12:00:00.5Z", ".500"),
    ("2026-11-21T12:00:00.123456Z", ".123"), ("2026-11-21T12:00:00.999999999Z", ".999"),
  ])
  func aStoresTimeIsReadToTheMillisecond(text: String, fraction: String) {
    #expect(WallTime(rfc3339: text)?.description == "2026-11-21T12:00:00\(fraction)Z")
  }

  @Test(arguments: [
    "", "Z", "2026-11-21T12:00:00", "2026-11-21T12:00:00.Z", "2026-11-21T12:00:00.1.2Z",
    "2026-11-21T12:00:00.1xZ", "2026-11-21T12:00:00+01:00",
    "2026-11-21T12:00:00.00000000000000000000000000000000000000Z",
  ])
  func anythingElseIsNoTimeOfAStore(text: String) {
    #expect(WallTime(rfc3339: text) == nil)
  }
}
