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
