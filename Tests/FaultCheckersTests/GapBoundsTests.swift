import FaultCheckers
import Testing

struct GapBoundsTests {
  private let gaps = Distribution([10, 20, 60].map { .milliseconds($0) })

  @Test func withinItsBounds() {
    let bounds = GapBounds(
      .milliseconds(60), median: .milliseconds(20), mean: .milliseconds(30))
    #expect(bounds.complaints(gaps).isEmpty)
    #expect(bounds.complaints(Distribution([])).isEmpty)
  }

  @Test func eachBoundIsItsOwn() {
    #expect(GapBounds(.milliseconds(59)).complaints(gaps) == ["gap maximum 60 ms, bound 59 ms"])
    #expect(
      GapBounds(.seconds(1), median: .milliseconds(19)).complaints(gaps)
        == ["gap p50 20 ms, bound 19 ms"])
  }

  @Test func aMeanIsJudgedByMoreThanChance() {
    let many = Distribution([10, 20, 30, 40, 50].map { .milliseconds($0) })
    // 30 ms, of whose distance from the true mean 2 × 7.07 ms are chance, rounded up.
    #expect(GapBounds(.seconds(1), mean: .milliseconds(16)).complaints(many).isEmpty)
    #expect(
      GapBounds(.seconds(1), mean: .milliseconds(15)).complaints(many)
        == ["gap mean 30 ms, bound 15 ms, and 15 ms for chance"])
    // Three say nothing of a mean.
    #expect(GapBounds(.seconds(1), mean: .milliseconds(1)).complaints(gaps).isEmpty)
  }
}
