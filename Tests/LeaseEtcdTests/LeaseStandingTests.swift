import Testing

@testable import LeaseEtcd

struct LeaseStandingTests {
  private func standing(_ left: Int64, of granted: Int64) -> LeaseStanding {
    LeaseStanding(LeaseStandingAnswer(header: nil, timeToLive: left, granted: granted))
  }

  /// etcd rounds down: what it says is the least, and people want to know the most.
  @Test func theEndIsTheLatestThereCanBe() {
    #expect(standing(3, of: 5).endsWithin == .seconds(4))
    #expect(standing(0, of: 5).endsWithin == .seconds(1))
    #expect(standing(5, of: 5).endsWithin == .seconds(5))
    #expect(standing(3, of: 5).granted == .seconds(5))
  }

  @Test func aLeaseThatIsNoMoreHasEnded() {
    #expect(standing(-1, of: 0).granted == nil && standing(-1, of: 0).endsWithin == .zero)
    #expect(standing(-1, of: 5).endsWithin == .zero)
  }
}
