import Testing
import Time

@testable import LeaseSimulator

@Suite struct SimulatedClockTests {
  private func at(_ milliseconds: Int64) -> Moment {
    Moment(nanoseconds: milliseconds * 1_000_000)
  }

  @Test func aSlowClockFallsBehind() {
    let clock = SimulatedClock(rate: 900_000, reading: 500, at: at(0))
    #expect(clock.reading(at: at(1000)) == Instant(nanoseconds: 900_000_500))
  }

  @Test func itSaysWhenItWillReadWhat() {
    let clock = SimulatedClock(rate: 1_100_000, reading: 0, at: at(0))
    for nanoseconds in [1, 7, 1_000_000_007] as [Int64] {
      let instant = Instant(nanoseconds: nanoseconds)
      let moment = clock.moment(of: instant, from: at(0))
      #expect(clock.reading(at: moment) >= instant)
      #expect(clock.reading(at: moment + -1) < instant)
    }
    // What it reads already it reads now.
    #expect(clock.moment(of: Instant(nanoseconds: 5), from: at(3)) == at(3))
  }

  @Test func aStoppedClockStandsStill() {
    var clock = SimulatedClock(rate: 1_000_000, reading: 0, at: at(0))
    clock.stop(at: at(10))
    #expect(clock.reading(at: at(500)) == Instant(nanoseconds: 10_000_000))
    #expect(clock.moment(of: Instant(nanoseconds: 11_000_000), from: at(500)) == .never)
    clock.start(at: at(500))
    #expect(clock.reading(at: at(501)) == Instant(nanoseconds: 11_000_000))
  }

  @Test func anotherRateBeginsWhereTheOldOneEnded() {
    var clock = SimulatedClock(rate: 1_000_000, reading: 0, at: at(0))
    clock.change(rate: 1_100_000, at: at(100))
    #expect(clock.reading(at: at(200)) == Instant(nanoseconds: 210_000_000))
  }
}
