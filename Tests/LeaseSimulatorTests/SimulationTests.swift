import LeaseSimulator
import Testing

@Suite struct SimulationTests {
  @Test(arguments: [1, 7, 1234] as [UInt64])
  func theSameSeedGivesTheSameTranscript(seed: UInt64) {
    func transcript() -> [String] {
      var lines: [String] = []
      _ = Simulation.run(seed: seed) { lines.append($0) }
      return lines
    }
    let first = transcript()
    #expect(first.count > 100)
    #expect(first == transcript())
    #expect(first[0] == Simulation.parameters(seed: seed))
  }

  @Test func tracingChangesNothing() {
    for seed in 1...20 as ClosedRange<UInt64> {
      let traced = Simulation.run(seed: seed) { _ in }
      let silent = Simulation.run(seed: seed)
      #expect(traced.statistics.events == silent.statistics.events)
      #expect(traced.statistics.frames == silent.statistics.frames)
    }
  }

  @Test func theInvariantsHoldAndEverythingHappens() {
    var statistics = Statistics()
    for seed in 1...300 as ClosedRange<UInt64> {
      let result = Simulation.run(seed: seed)
      #expect(result.violation == nil, "seed \(seed)")
      statistics.add(result.statistics)
    }
    #expect(statistics.schedules == 300)
    // A simulator in which nothing moves finds nothing.
    #expect(statistics.frames > 10_000)
    #expect(statistics.transitions > 1000)
    #expect(statistics.refusals > 1000)
    #expect(statistics.faults.count == 20)
  }

  /// What the daemon around the machines could do wrong is noticed.
  @Test(arguments: Weakness.allCases)
  func aWeakShellIsFound(weakness: Weakness) {
    let found = (1...3000 as ClosedRange<UInt64>).lazy
      .compactMap { Simulation.run(seed: $0, weaknesses: [weakness]).violation }
      .first
    // A gate that the shell is late with shows in old requests that are answered: the lease itself has revoked the claim.
    let expected: Set<Violation.Invariant> = [.exclusion, .coverage, .freshness]
    #expect(found.map { expected.contains($0.invariant) } ?? false, "\(weakness)")
  }
}
