import Testing
import Time
import Wire

@testable import Announcer

struct ConflictNewsTests {
  private let start = Instant(nanoseconds: 1_000_000_000_000)
  private let address = IPAddress("10.80.8.150")!

  private func record(_ station: UInt64 = 0x0200_0000_0001, at now: Instant)
    -> ConflictDefence.Record
  {
    ConflictDefence.Record(
      hardwareAddress: MACAddress(rawValue: station), interfaceIndex: 2, count: 1, lastSeenAt: now)
  }

  @Test func theFirstHaveLinesAndTheRestOneTogether() {
    var news = ConflictNews()
    var lines = 0
    // A storm of an hour: 100 claims of new stations a second, of ten addresses.
    var summaries: [ConflictNews.Summary] = []
    for step in 0..<360_000 {
      let now = start + .milliseconds(10) * step
      if let summary = news.takeSummary(at: now) { summaries.append(summary) }
      let address = IPAddress("10.80.8.\(step % 10)")!
      if news.admits(address, record(UInt64(step), at: now), count: 3, isNews: true, at: now) {
        lines += 1
      }
    }
    #expect(summaries.count == 59)
    #expect(lines == 60 * ConflictNews.mostLines)
    #expect(
      summaries.allSatisfy { $0.addresses.count == 10 && $0.addresses == $0.addresses.sorted() })
    #expect(summaries[0].frames == 3 * UInt64(6000 - ConflictNews.mostLines))
    // Who is there now, not who was first.
    #expect(summaries[0].latest.hardwareAddress == MACAddress(rawValue: 5999))
  }

  @Test func whatWasSaidIsNotSaidAgain() {
    var news = ConflictNews()
    let isSaid = news.admits(address, record(at: start), count: 1, isNews: true, at: start)
    #expect(isSaid && news.nextDue == .distantFuture)
    let summary = news.takeSummary(at: start + .seconds(3600))
    #expect(summary == nil)
  }

  @Test func theRestIsSaidThoughNothingMoreComes() {
    var news = ConflictNews()
    let later = start + .seconds(5)
    let said = [
      news.admits(address, record(at: start), count: 1, isNews: true, at: start),
      news.admits(address, record(at: later), count: 7, isNews: false, at: later),
    ]
    #expect(said == [true, false])
    #expect(news.nextDue == start + ConflictNews.interval)
    let early = news.takeSummary(at: start + .seconds(59))
    #expect(early == nil)
    let summary = news.takeSummary(at: news.nextDue)
    #expect(summary?.frames == 7 && summary?.addresses == [address])
    #expect(news.nextDue == .distantFuture)
    let again = news.takeSummary(at: later + .seconds(600))
    #expect(again == nil)
  }

  /// A quiet LAN after a storm: the next station has its line at once.
  @Test func aNewMinuteHasLinesAgain() {
    var news = ConflictNews()
    for _ in 0..<100 {
      _ = news.admits(address, record(at: start), count: 1, isNews: true, at: start)
    }
    let next = start + ConflictNews.interval
    let summary = news.takeSummary(at: next)
    #expect(summary?.frames == UInt64(100 - ConflictNews.mostLines))
    let isSaid = news.admits(address, record(at: next), count: 1, isNews: true, at: next)
    #expect(isSaid)
  }
}
