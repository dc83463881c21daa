import Lease
import Testing
import Time
import Wire

/// News, answers and pictures that overtake each other; each of these was found by the simulator.
@Suite struct ElectionRaceTests {
  @Test func aClaimHeardDuringAReadOutlivesItsOlderPicture() {
    var play = Transcript()
    play.open(others: ["b"])
    play.update(.missed, at: 10)
    #expect(play.steps(at: 10).first == "#3 confirm")
    play.update(.claimed(x, holder("b", 9)), at: 20)
    play.report(.picture(play.picture([:], others: ["b"])), of: 3, at: 30)
    #expect(play.election.view.holders == [x: holder("b", 9)])
  }

  @Test func aSessionHeardDuringAReadOutlivesItsOlderPicture() {
    var play = Transcript()
    play.open()
    play.update(.missed, at: 10)
    #expect(play.steps(at: 10).first == "#3 confirm")
    play.update(
      .sessionOpened(SessionDescription(id: SessionID("s-b"), node: "b")), at: 20)
    play.report(.picture(play.picture([:])), of: 3, at: 30)
    #expect(play.election.view.nodes == ["b"])
  }

  @Test func aPreferenceThatEndedDuringAReadDoesNotComeBackWithItsOlderPicture() {
    var play = Transcript(policy: ElectionPolicy(rebalances: true))
    play.open(others: ["b"])
    play.compete(for: x, at: 0)
    play.acquireAll(at: 50)
    play.update(.missed, at: 60)
    _ = play.steps(at: 60)
    let read = play.last!
    #expect(read.request == .confirmOwnership)
    play.update(.preferred(x, node: nil), at: 70)
    var picture = play.picture([x: holder("a", 7, session: "s1")], others: ["b"])
    picture.preferences = [x: "b"]
    play.report(.picture(picture), of: read.number, at: 80)
    #expect(play.election.view.handingOver.isEmpty)
  }

  @Test func theNewsOfAYoungerClaimOvertakesTheAnswer() {
    var play = Transcript()
    play.open()
    play.compete(for: x, at: 0)
    #expect(play.steps(at: 0).first == "#3 acquire 10.0.0.1")
    // Ours is overwritten before its answer arrives.
    play.update(.claimed(x, holder("b", 8)), at: 10)
    play.report(.acquisition([x: .acquired(Epoch(7))]), of: 3, at: 20)
    #expect(play.election.view.held.isEmpty)
    #expect(play.election.view.holders == [x: holder("b", 8)])
  }

  @Test func aPreferenceForANodeThatHasGoneIsWithdrawn() {
    var play = Transcript()
    play.open(others: ["b"])
    play.compete(for: x, at: 0)
    play.acquireAll(at: 50)
    play.election.handOver(x, to: "b", at: at(60))
    #expect(play.steps(at: 60).first == "#4 prefer 10.0.0.1=b")
    play.update(.sessionEnded(SessionID("s-b")), at: 70)
    play.report(.done, of: 4, at: 80)
    #expect(play.election.view.handingOver.isEmpty)
    #expect(play.steps(at: 80).first == "#5 prefer 10.0.0.1=nobody")
  }

  @Test func aPreferenceThatTakesEffectTooLateIsWithdrawn() {
    var play = Transcript()
    play.open(others: ["b"])
    play.compete(for: x, at: 0)
    play.acquireAll(at: 50)
    play.election.handOver(x, to: "b", at: at(60))
    #expect(play.steps(at: 60).first == "#4 prefer 10.0.0.1=b")
    // Given up on and withdrawn; then the first write takes effect after all.
    play.report(.failed(StoreFailure(.timedOut, "late")), of: 4, at: 70)
    #expect(play.steps(at: 200).first == "#5 prefer 10.0.0.1=nobody")
    play.report(.done, of: 5, at: 210)
    play.update(.preferred(x, node: "b"), at: 220)
    #expect(play.steps(at: 220).first == "#6 prefer 10.0.0.1=nobody")
  }

  @Test func whatTheStoreNamesAsOursIsNotThoughtToBeAnothers() {
    var play = Transcript()
    play.open(others: ["b"])
    play.compete(for: x, at: 0)
    #expect(play.steps(at: 200).first == "#3 acquire 10.0.0.1")
    // It took effect, and the answer is lost; so is the news that b let go of it.
    play.update(.claimed(x, holder("b", 5)), .missed, at: 210)
    #expect(play.steps(at: 210).first == "#4 confirm")
    play.report(
      .picture(play.picture([x: holder("a", 7, session: "s1")], others: ["b"])), of: 4, at: 220)
    play.report(.failed(StoreFailure(.timedOut, "lost")), of: 3, at: 300)
    #expect(play.steps(at: 500).contains("#5 acquire 10.0.0.1"))
  }

  @Test func aLateAcquisitionBehindAReleaseIsGivenBackToo() {
    var play = Transcript()
    play.open()
    play.compete(for: x, at: 0)
    play.acquireAll(at: 50)
    play.compete(at: 100)
    #expect(play.steps(at: 100).first == "#4 release 10.0.0.1@7")
    play.update(.claimed(x, holder("a", 9, session: "s1")), at: 110)
    play.report(.done, of: 4, at: 120)
    #expect(play.steps(at: 120).first == "#5 release 10.0.0.1@9")
  }

  @Test func anAnswerThatAReadHasContradictedIsAskedForAgain() {
    var play = Transcript()
    play.open()
    play.compete(for: x, at: 0)
    #expect(play.steps(at: 0).first == "#3 acquire 10.0.0.1")
    play.update(.missed, at: 10)
    #expect(play.steps(at: 10).first == "#4 confirm")
    // Taken in epoch 7 and deleted by somebody, or not taken yet.
    play.report(.picture(play.picture([:])), of: 4, at: 20)
    play.report(.acquisition([x: .acquired(Epoch(7))]), of: 3, at: 30)
    #expect(play.election.view.held.isEmpty)
    #expect(play.steps(at: 30).first == "#5 acquire 10.0.0.1")
    play.report(.acquisition([x: .acquired(Epoch(9))]), of: 5, at: 40)
    #expect(play.election.view.held[x]?.epoch == Epoch(9))
  }

  /// The claim that an answer names may have been freed before a read that was sent after the question,
  /// and its news missed: nobody would ever take it.
  @Test func aHolderThatALaterReadDidNotSeeIsAskedForAgain() {
    var play = Transcript()
    play.open()
    play.compete(for: x, at: 0)
    #expect(play.steps(at: 0).first == "#3 acquire 10.0.0.1")
    play.update(.missed, at: 10)
    #expect(play.steps(at: 10).first == "#4 confirm")
    play.report(.picture(play.picture([:])), of: 4, at: 20)
    play.report(.acquisition([x: .heldBy(holder("b", 4))]), of: 3, at: 30)
    #expect(play.steps(at: 30).first == "#5 confirm")
    play.report(.picture(play.picture([:])), of: 5, at: 40)
    #expect(play.steps(at: 40).contains("#6 acquire 10.0.0.1"))
  }

  /// News that a claim has ended may be wrong, or overtake an answer once; asking goes on, and not in a tight loop.
  @Test func aStoreThatInsistsOnAClaimThatHasEndedIsAskedInTime() {
    var play = Transcript()
    play.open()
    play.update(.freed(x, Epoch(4)), at: 0)
    play.compete(for: x, at: 0)
    #expect(play.steps(at: 0).first == "#3 acquire 10.0.0.1")
    play.report(.acquisition([x: .heldBy(holder("b", 4))]), of: 3, at: 10)
    #expect(play.steps(at: 10).first == "#4 acquire 10.0.0.1")
    play.report(.acquisition([x: .heldBy(holder("b", 4))]), of: 4, at: 20)
    #expect(!play.steps(at: 119).contains { $0.contains("acquire") })
    #expect(play.steps(at: 120).first == "#5 acquire 10.0.0.1")
    // Another claim is another matter.
    play.report(.acquisition([x: .heldBy(holder("c", 5))]), of: 5, at: 130)
    #expect(play.election.view.holders == [x: holder("c", 5)])
  }

  @Test func aReadThatLacksWhatWasConfirmedDuringItIsRepeated() {
    var play = Transcript()
    play.open()
    play.update(.missed, at: 10)
    #expect(play.steps(at: 10).first == "#3 confirm")
    play.compete(for: x, at: 20)
    #expect(play.steps(at: 20).first == "#4 acquire 10.0.0.1")
    play.report(.acquisition([x: .acquired(Epoch(7))]), of: 4, at: 30)
    play.report(.picture(play.picture([:])), of: 3, at: 40)
    #expect(play.steps(at: 40).first == "#5 confirm")
    play.report(.picture(play.picture([:])), of: 5, at: 50)
    #expect(play.election.view.losses == [x: .claimGone])
  }
}
