import Testing
import Time
import Wire

@testable import Lease

/// The store is put back from a backup: it names what looks older than what is known.
struct ElectionRestorationTests {
  @Test func theSessionIsOverAndNoneIsOpenedForItsWholeTime() {
    var play = Transcript()
    play.open()
    play.compete(for: x, at: 0)
    play.acquireAll(at: 10)
    #expect(play.election.view.held.count == 1)
    play.update(.restored, at: 1000)
    let view = play.election.view
    #expect(view.held.isEmpty && view.losses == [x: .sessionGone] && view.health == .lost)
    #expect(view.error == Election.restorationFailure)
    let close = play.steps(at: 2000).first { $0.contains("close") }
    #expect(close == "#4 close s1")
    play.report(.done, of: 4, at: 2010)
    #expect(play.steps(at: 5999) == ["wait 6.000s"])
    #expect(play.election.view.error == Election.restorationFailure)
    #expect(play.steps(at: 6000).first == "#5 open a 5000.0 ms")
    play.report(.opening(.opened(SessionID("s2"), granted: nil)), of: 5, at: 6010)
    #expect(play.election.view.error == nil)
  }

  /// Two who went by epochs alone would each take the other for the holder, and nobody would announce.
  @Test func epochsAndSessionsFromBeforeMeanNothing() {
    var play = Transcript()
    play.open(holders: [y: holder("b", 900)], others: ["b"])
    play.update(.claimed(x, holder("b", 901)), .freed(x, Epoch(901)), at: 0)
    play.update(.restored, at: 1000)
    #expect(play.election.view.holders.isEmpty && play.election.view.nodes.isEmpty)
    _ = play.steps(at: 2000)
    play.report(.done, of: play.last!.number, at: 2010)
    _ = play.steps(at: 6000)
    play.report(.opening(.opened(SessionID("s1"), granted: nil)), of: play.last!.number, at: 6000)
    _ = play.steps(at: 6000)
    let picture = play.picture([x: holder("c", 40), y: holder("c", 41)], others: ["c"])
    play.report(.picture(picture), of: play.last!.number, at: 6000)
    #expect(play.election.view.holders == [x: holder("c", 40), y: holder("c", 41)])
  }

  /// What came before it in the same breath is of the former history; what comes after it counts.
  @Test func newsAreOfOneHistoryOrTheOther() {
    var play = Transcript()
    play.open()
    play.update(
      .claimed(x, holder("b", 900)), .restored, .claimed(y, holder("b", 40)), at: 1000)
    #expect(play.election.view.holders == [y: holder("b", 40)])
  }

  @Test func aSessionThatWasAskedForBeforeIsClosedAgain() {
    var play = Transcript()
    #expect(play.steps(at: 0).first == "#1 open a 5000.0 ms")
    play.update(.restored, at: 100)
    play.report(.opening(.opened(SessionID("s1"), granted: nil)), of: 1, at: 200)
    #expect(play.steps(at: 200).first == "#2 close s1")
    play.report(.done, of: 2, at: 300)
    #expect(play.steps(at: 300) == ["wait 5.100s"])
    #expect(play.steps(at: 5100).first == "#3 open a 5000.0 ms")
  }
}
