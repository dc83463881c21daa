import FaultCheckers
import Testing
import Time

struct CoverageTests {
  private func strays(_ assertions: [Assertion]) -> [Coverage.Stray] {
    Coverage(
      assertions, stations: stations, history: OwnershipHistory(events: handOver),
      tolerance: .milliseconds(5)
    ).strays
  }

  @Test func framesInsideAreCovered() {
    #expect(strays(frames(macA, 100...500) + frames(macB, 510...900)).isEmpty)
  }

  @Test func theToleranceIsForTheBeginningOnly() {
    #expect(strays([frame(macA, 95)]).isEmpty)
    #expect(strays([frame(macA, 94)]).map(\.distance) == [.milliseconds(1)])
    #expect(strays([frame(macA, 501)]).map(\.distance) == [.milliseconds(1)])
  }

  @Test func aNodeThatNeverOwnedIsNowhereNear() {
    let events = handOver.filter { $0.revision != 6 }
    let coverage = Coverage(
      frames(macB, 512...514), stations: stations, history: OwnershipHistory(events: events),
      tolerance: .milliseconds(5))
    #expect(coverage.strays.map(\.distance) == [nil, nil])
    #expect(coverage.strays.first?.node == "b")
  }

  @Test func anothersOwnershipCoversNothing() {
    #expect(strays([frame(macB, 300)]).count == 1)
  }
}
