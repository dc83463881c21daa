import Announcer
import Testing

@testable import RawSocket

struct LinkCountersTests {
  @Test func everyLinkHasItsOwn() {
    var counters = LinkCounters()
    counters.add([3, 7, 3])
    counters.count(.answered, on: 3)
    counters.count(.answered, on: 3)
    counters.count(.sendErrors, on: 7)
    counters.count(Reason.stale, on: 7)
    counters.count(Reason.sendFailed, on: 7)
    counters.count(Reason.unknownLink, on: 99)

    let byLink = counters.byLink
    #expect(Set(byLink.keys) == [0, 3, 7])
    #expect(byLink[3]?.answered == 2)
    #expect(byLink[3]?.received == 2)
    #expect(byLink[7]?.sendErrors == 1)
    #expect(byLink[7]?[.stale] == 1)
    #expect(byLink[7]?[.sendFailed] == 1)
    #expect(byLink[7]?.received == 2)
    #expect(byLink[0]?[.unknownLink] == 1)
  }

  @Test func whatALinkSentIsWhatItAnsweredAnnouncedAndAsked() {
    var counters = LinkCounters()
    counters.add([1])
    for column in LinkCounters.Column.allCases { counters.count(column, on: 1) }
    #expect(counters.byLink[1]?.sent == 3)
  }

  /// Series of a link that is gone go away; sums that people watch do not fall.
  @Test func aLinkThatIsGoneStaysInTheSums() {
    var counters = LinkCounters()
    counters.add([1, 2, 3])
    for link: Int32 in [1, 2, 2, 3] { counters.count(Reason.targetNotClaimed, on: link) }
    counters.keep([3, 9])
    #expect(Set(counters.byLink.keys) == [0, 3])
    #expect(counters.byLink[3]?[.targetNotClaimed] == 1)
    #expect(counters.totals[.targetNotClaimed] == 4)

    // The index went to another link.
    counters.add([2])
    #expect(counters.byLink[2]?.received == 0)
    counters.count(Reason.targetNotClaimed, on: 2)
    #expect(counters.totals[.targetNotClaimed] == 5)
  }

  @Test func everyReasonHasAPlace() {
    var counters = LinkCounters()
    counters.add([1])
    for reason in Reason.allCases { counters.count(reason, on: 1) }
    #expect(counters.byLink[1]?.ignored == Array(repeating: 1, count: Reason.allCases.count))
    #expect(counters.byLink[1]?.sendErrors == 0)
  }
}
