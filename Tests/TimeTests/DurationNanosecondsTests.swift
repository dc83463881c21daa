import Testing
import Time

struct DurationNanosecondsTests {
  @Test func wholeNanoseconds() {
    #expect(Duration.milliseconds(3).nanoseconds == 3_000_000)
    #expect(Duration.seconds(-2).nanoseconds == -2_000_000_000)
    #expect(Duration.microseconds(1500).milliseconds == 1.5)
  }

  @Test func clampsInsteadOfTrapping() {
    #expect(Duration.seconds(Int64.max).nanoseconds == .max)
    #expect(Duration.seconds(Int64.min).nanoseconds == .min)
  }
}
