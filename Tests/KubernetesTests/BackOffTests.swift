import Testing

@testable import Kubernetes

struct BackOffTests {
  @Test func pausesDoubleAndAreSpread() {
    var backOff = BackOff(.milliseconds(100) ... .seconds(1))
    for expected in [100, 200, 400, 800, 1000, 1000] {
      let pause = backOff.next()
      #expect(pause >= .milliseconds(expected) * 0.5)
      #expect(pause <= .milliseconds(expected) * 1.5)
    }
    backOff.reset()
    #expect(backOff.next() <= .milliseconds(150))
    var firsts: Set<Duration> = []
    for _ in 0..<10 {
      backOff.reset()
      firsts.insert(backOff.next())
    }
    #expect(firsts.count > 1)
  }
}
