import Kubernetes
import Synchronization
import Testing

@testable import Daemon

@Suite struct WarningBoardTests {
  @Test func eachSourceReplacesItsOwnAndTheNewOnesAreToBeLogged() {
    var board = WarningBoard()
    #expect(board.apply([.audit: ["a", "b"], .cluster: ["c"]]) == ["c", "a", "b"])
    #expect(board.all == ["c", "a", "b"])
    #expect(board.apply([.audit: ["b", "d"]]) == ["d"])
    #expect(board.all == ["c", "b", "d"])
    #expect(board.apply([.cluster: []]) == [])
    #expect(board[.cluster].isEmpty && board[.audit] == ["b", "d"])
    #expect(board.apply([:]) == [])
    #expect(board.all == ["b", "d"])
  }

  /// Addresses come and go, and the list that names the first of them is still the same warning.
  @Test func aListIsLoggedAgainOnlyWhenItIsOfAnotherOrder() {
    func lie(_ first: String, _ others: Int) -> String {
      "\(first) and \(others) more lie in no subnet of lan0"
    }
    var board = WarningBoard()
    #expect(board.apply([.audit: [lie("10.0.0.1", 5)]]) == [lie("10.0.0.1", 5)])
    #expect(board.apply([.audit: [lie("10.0.0.2", 5)]]) == [])
    #expect(board.all == [lie("10.0.0.2", 5)], "the status has the newest")
    #expect(board.apply([.audit: [lie("10.0.0.2", 9), "x"]]) == ["x"])
    #expect(board.apply([.audit: [lie("10.0.0.2", 10)]]) == [lie("10.0.0.2", 10)])
    // Down and up again: no news.
    #expect(board.apply([.audit: [lie("10.0.0.2", 9)]]) == [])
    #expect(board.apply([.audit: [lie("10.0.0.2", 11)]]) == [])
    #expect(board.apply([.audit: [lie("10.0.0.2", 4999)]]) == [lie("10.0.0.2", 4999)])
    // Another thing, and the same once it was gone.
    let other = "10.0.0.2 and 20 more are configured on lan0 itself"
    #expect(board.apply([.audit: [lie("10.0.0.2", 4999), other]]) == [other])
    #expect(board.apply([.audit: []]) == [])
    #expect(board.apply([.audit: [lie("10.0.0.2", 5)]]) == [lie("10.0.0.2", 5)])
    // What names one address alone is another warning for each.
    let two = board.apply([.audit: ["10.0.0.1 lies", "10.0.0.2 lies"]])
    #expect(two.count == 2)
  }

  /// A right that is missing stands until a write succeeds; a server that is away changes nothing.
  @Test func whatMayNotBeReportedIsAWarning() {
    let told = Mutex<[[String]]>([])
    let troubles = ReportTroubles { warnings in told.withLock { $0.append(warnings) } }
    troubles.note("events cannot be written", APIFailure(.unreachable, text: "away"))
    troubles.note("events cannot be written", nil)
    #expect(told.withLock { $0 }.isEmpty)
    troubles.note("events cannot be written", APIFailure(.refused, status: 403, text: "no right"))
    troubles.note("events cannot be written", APIFailure(.refused, status: 403, text: "no right"))
    troubles.note("events cannot be written", APIFailure(.timedOut, text: "away"))
    #expect(told.withLock { $0 } == [["events cannot be written: no right"]])
    troubles.note("events cannot be written", nil)
    #expect(told.withLock { $0 }.last == [])
  }
}
