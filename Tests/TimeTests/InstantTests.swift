import Testing
import Time

struct InstantTests {
  @Test func arithmeticIsExactToTheNanosecond() {
    let start = Instant(nanoseconds: 1_000)
    #expect((start + .seconds(5)).nanoseconds == 5_000_001_000)
    #expect((start - .nanoseconds(1)).nanoseconds == 999)
    #expect(start + .seconds(5) - start == .seconds(5))
    #expect(start - (start + .seconds(5)) == .seconds(-5))
  }

  @Test func theEndsOfTimeStayWhereTheyAre() {
    #expect(Instant.distantFuture + .seconds(-1) == .distantFuture)
    #expect(Instant.distantPast + .seconds(1) == .distantPast)
    #expect(Instant(nanoseconds: .max - 1) + .seconds(1) == .distantFuture)
    #expect(Instant(nanoseconds: .min + 1) - .seconds(1) == .distantPast)
    #expect(Instant.distantFuture - .distantPast == .nanoseconds(Int64.max))
  }

  @Test(arguments: [
    (0, "0.000s"), (12_050_000_000, "12.050s"), (-1_500_000_000, "-1.500s"),
    (-500_000_000, "-0.500s"),
  ])
  func descriptionIsSecondsWithMilliseconds(nanoseconds: Int64, text: String) {
    #expect(Instant(nanoseconds: nanoseconds).description == text)
  }
}
