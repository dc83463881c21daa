import FaultCheckers
import Testing

struct DistributionTests {
  @Test func percentilesAreValuesThatWereMeasured() {
    let values = Distribution((1...30).reversed().map { .milliseconds($0) })
    #expect(values.percentile(50) == .milliseconds(15))
    #expect(values.percentile(99) == .milliseconds(30))
    #expect(values.percentile(0) == .milliseconds(1))
    #expect(values.maximum == .milliseconds(30))
    #expect(values.mean == .microseconds(15_500))
    #expect(values.count == 30)
  }

  @Test func ofAHundredTheNinetyNinthIsNotTheGreatest() {
    #expect(
      Distribution((1...100).map { .milliseconds($0) }).percentile(99) == .milliseconds(99))
  }

  @Test func nothingMeasured() {
    let nothing = Distribution([])
    #expect(nothing.percentile(50) == nil && nothing.mean == nil && nothing.maximum == nil)
  }
}
