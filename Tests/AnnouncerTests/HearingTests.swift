import Announcer
import Testing
import Time

struct HearingTests {
  private let start = Instant(nanoseconds: 1_000_000_000_000)
  private let lan0 = ethernet(2, "lan0")

  private func judge(_ hearing: inout Hearing, _ link: Link, _ count: UInt64?, after: Int) -> Bool {
    !hearing.judge(
      [link], received: count.map { [link.id.index: $0] } ?? [:], at: start + .seconds(after)
    ).isEmpty
  }

  @Test func nothingAtAllForALongTimeIsDeaf() {
    var hearing = Hearing()
    #expect(!judge(&hearing, lan0, 0, after: 0))
    #expect(!judge(&hearing, lan0, 0, after: 9))
    #expect(judge(&hearing, lan0, 0, after: 10))
    // One frame is enough, and what is not known is not judged.
    #expect(!judge(&hearing, lan0, 1, after: 20))
    #expect(!judge(&hearing, lan0, nil, after: 40))
  }

  @Test func eachTimeThatItIsUpCountsForItself() {
    var hearing = Hearing()
    #expect(!judge(&hearing, lan0, 7, after: 0))
    var again = lan0
    again.receivedWhenUp = 7
    #expect(!judge(&hearing, again, 7, after: 30))
    #expect(judge(&hearing, again, 7, after: 40))
    #expect(!judge(&hearing, again, 8, after: 50))
  }
}
