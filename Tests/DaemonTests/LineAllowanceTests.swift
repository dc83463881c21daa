import Testing
import Time

@testable import Daemon

struct LineAllowanceTests {
  private typealias Allowance = LineAllowance<String, Int>
  private let start = Instant(nanoseconds: 1_000_000_000_000)

  @Test func theFirstHaveLinesAndTheRestOneTogether() {
    var lines = Allowance()
    let admitted = (0..<500).filter {
      lines.admits("gained", $0, at: start + .milliseconds($0))
    }
    #expect(admitted == Array(0..<Allowance.mostLines))
    // Of another kind there were none yet.
    #expect(lines.admits("lost", 1, at: start + .milliseconds(600)) == true)
    #expect(lines.nextDue == start + Allowance.interval)
    let early = lines.takeRests(at: lines.nextDue - .nanoseconds(1))
    #expect(early.isEmpty)
    let rests = lines.takeRests(at: lines.nextDue)
    #expect(rests.map(\.kind) == ["gained"])
    #expect(rests.map(\.count) == [500 - Allowance.mostLines] && rests.map(\.latest) == [499])
    #expect(lines.nextDue == .distantFuture)
    // The next interval begins with its summary.
    #expect(lines.admits("gained", 1, at: start + Allowance.interval) == true)
  }

  @Test func fewAreNeverSummedUp() {
    var lines = Allowance()
    for number in 0..<1000 {
      // One a second.
      #expect(lines.admits("gained", number, at: start + .seconds(number)) == true)
    }
    #expect(lines.nextDue == .distantFuture)
  }

  /// 50 a second for six minutes.
  @Test func aFloodThatGoesOnHasItsLinesAndSummariesOnly() {
    var lines = Allowance()
    var written = 0
    var told = 0
    for number in 0..<18_000 {
      let now = start + .milliseconds(20 * number)
      let rests = lines.takeRests(at: now)
      told += rests.map(\.count).reduce(0, +)
      written += rests.count
      if lines.admits("gained", number, at: now) {
        told += 1
        written += 1
      }
    }
    told += lines.takeRests(at: start, all: true).map(\.count).reduce(0, +)
    #expect(told == 18_000)
    #expect(written <= 36 * (Allowance.mostLines + 1))
  }

  /// What a line says of many counts as many.
  @Test func aLineAboutManyIsCountedAsMany() {
    var lines = Allowance()
    for number in 0..<Allowance.mostLines { _ = lines.admits("lost", number, at: start) }
    #expect(lines.admits("lost", count: 5000, 1, at: start) == false)
    #expect(lines.admits("lost", count: 17, 2, at: start) == false)
    #expect(lines.takeRests(at: start, all: true).map(\.count) == [5017])
  }
}
