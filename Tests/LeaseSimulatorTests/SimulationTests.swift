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
  }
}
