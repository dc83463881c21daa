import Lease
import Testing
import Time

struct LeaseTimingTests {
  @Test func defaultsFollowFromTheTTL() throws {
    let timing = try LeaseTiming(timeToLive: .seconds(5))
    #expect(timing.renewalInterval == .milliseconds(1250))
    #expect(timing.attemptTimeout == .seconds(1))
    #expect(timing.hold == .nanoseconds(4_040_909_090))
    let intervals = try [1, 2, 3, 6, 10].map { seconds in
      try LeaseTiming(timeToLive: .seconds(seconds)).renewalInterval.milliseconds
    }
    #expect(intervals == [325, 650, 750, 1500, 2500])
  }

  @Test func timesThatDoNotHoldTogetherSayWhy() {
    let tooShort = #expect(throws: LeaseTimingError.self) {
      try LeaseTiming(timeToLive: .milliseconds(290))
    }
    #expect(
      tooShort?.description
        == "a lease of 290 ms lets its holder send for 187 ms after a renewal, but a renewal that "
        + "fails and its repetition take 210 ms: make the lease longer")
    #expect(throws: LeaseTimingError.clockRateErrorOutOfRange(1)) {
      try LeaseTiming(timeToLive: .seconds(5), clockRateError: 1)
    }
    #expect(throws: LeaseTimingError.timeToLiveOutOfRange(.zero)) {
      try LeaseTiming(timeToLive: .zero)
    }
    #expect(throws: LeaseTimingError.negative("ε", .seconds(-1))) {
      try LeaseTiming(timeToLive: .seconds(5), gateToWire: .seconds(-1))
    }
    // Renewing too slowly breaks it, whatever the TTL.
    #expect(throws: LeaseTimingError.self) {
      try LeaseTiming(timeToLive: .seconds(5), renewalInterval: .seconds(3))
    }
  }

  @Test func theHolderStopsBeforeAnyoneMayTakeOver() throws {
    // The holder's clock runs slow by ρ, the store's fast by ρ: in the store's time, hold + ε has to
    // end by T.
    for rho in [0.0, 0.01, 0.1] {
      let timing = try LeaseTiming(timeToLive: .seconds(5), clockRateError: rho)
      let stop = (timing.hold + timing.gateToWire) / .seconds(1) / (1 - rho) * (1 + rho)
      #expect(stop <= 5.000_000_001)
    }
  }
}
