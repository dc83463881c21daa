import Lease
import Testing
import Time
import Wire

@testable import LeaseKubernetes

/// How sessions end.
struct LeaseTableSessionTests {
  @Test func aSessionIsTimedForItsWholeDurationFromItsLastChange() {
    var f = TableFixture()
    f.write(node: "z", "s")
    #expect(f.wait(.seconds(5)).isEmpty)
    let renewed = f.write(node: "z", "s")
    #expect(f.wait(.milliseconds(5999)).isEmpty)
    // One live node (m itself) does not precede m: no rank's wait.
    #expect(f.table.nextDue == f.now + .milliseconds(1))
    #expect(
      f.wait(.milliseconds(1)) == [
        .end(SessionID("s"), lease: "announcer-node-z", version: renewed)
      ])
    // Ending it is the store's to confirm: until then it lives.
    #expect(f.table.picture().sessions.count == 2)
    #expect(f.wait(.milliseconds(499)).isEmpty)
    #expect(f.wait(.milliseconds(1)).count == 1)
  }

  @Test func theSameVersionSeenAgainIsNoSignOfLife() {
    var f = TableFixture()
    let version = f.write(node: "z", "s")
    f.wait(.seconds(5))
    f.replace([(TableFixture.node("z", "s"), version), (TableFixture.node("m", "own"), 101)])
    f.table.apply(
      answer: TableFixture.record(TableFixture.node("z", "s"), version), at: f.now)
    #expect(f.wait(.seconds(1)).count == 1)
  }

  @Test func theLongestDurationCounts() {
    var f = TableFixture()
    f.write(TableFixture.node("z", "s", seconds: 20))
    f.write(TableFixture.node("z", "s", seconds: 1))
    #expect(f.wait(.milliseconds(19_999)).isEmpty)
    #expect(f.wait(.milliseconds(1)).count == 1)
  }

  @Test func thoseWhoComeFirstInTheOrderOfNamesEndItFirst() {
    var f = TableFixture()
    f.write(node: "z", "s")
    f.wait(.seconds(3))
    for node in ["a", "b", "y"] { f.write(node: node, "s-\(node)") }
    #expect(f.wait(.milliseconds(3039)).isEmpty)
    #expect(f.wait(.milliseconds(1)).count == 1)
  }

  @Test func ourOwnSessionIsNeverTimedByOurselves() {
    var f = TableFixture()
    #expect(f.wait(.seconds(100)).isEmpty)
    #expect(f.table.nextDue == .distantFuture)
    #expect(f.changes().isEmpty)
  }

  @Test func whatTheStoreSaysHasEndedFreesAllItsClaimsAtOnce() {
    var f = TableFixture()
    f.write(node: "z", "s")
    let (one, two) = (f.write(x, "z/s"), f.write(y, "z/s"))
    _ = f.changes()
    #expect(f.acquisition(x) == .held(holder("z", "s", one)))
    f.write(node: "z", nil, ended: ["s"])
    #expect(
      f.changes() == [
        .freed(x, Epoch(one)), .freed(y, Epoch(two)), .sessionEnded(SessionID("s")),
      ])
    #expect(
      f.acquisition(x) == .update(version: one, transitions: 0, hasPreferredHolder: false))
    #expect(f.table.picture().claims.isEmpty)
  }

  @Test func aSessionThatHasEndedNeverComesBack() {
    var f = TableFixture()
    f.write(node: "z", "s")
    f.write(x, "z/s")
    f.write(node: "z", nil, ended: ["s"])
    _ = f.changes()
    f.write(node: "z", "s")
    f.write(x, "z/s")
    #expect(f.changes().isEmpty)
    #expect(f.acquisition(x).isUpdate)
    #expect(f.wait(.seconds(100)).isEmpty)
  }

  enum TearDown: CaseIterable { case delete, empty, overwrite, unlabel, strategy }

  @Test(arguments: TearDown.allCases)
  func aNodeLeaseTornDownEndsLaterForOthers(_ how: TearDown) {
    var f = TableFixture()
    f.write(node: "z", "s")
    let epoch = f.write(x, "z/s")
    _ = f.changes()
    f.wait(.seconds(3))
    tearDown(&f, node: "z", session: "s", how)
    #expect(!f.changes().contains(.sessionEnded(SessionID("s"))))
    #expect(f.acquisition(x).isHeld)
    f.wait(.milliseconds(5999))
    #expect(f.acquisition(x).isHeld)
    #expect(f.table.nextDue <= f.now + .milliseconds(1))
    f.wait(.milliseconds(1))
    let told = f.changes()
    #expect(told.contains(.sessionEnded(SessionID("s"))))
    #expect(told.contains(.freed(x, Epoch(epoch))))
    #expect(f.acquisition(x).isUpdate)
  }

  @Test(arguments: TearDown.allCases)
  func ourOwnNodeLeaseTornDownIsToldAtOnce(_ how: TearDown) {
    var f = TableFixture()
    let epoch = f.write(x, "m/own")
    _ = f.changes()
    tearDown(&f, node: "m", session: "own", how)
    let told = f.changes()
    #expect(told.contains(.sessionEnded(SessionID("own"))))
    #expect(told.contains(.freed(x, Epoch(epoch))))
  }

  private func tearDown(
    _ f: inout TableFixture, node: String, session: String, _ how: TearDown
  ) {
    switch how {
    case .delete: f.delete(TableFixture.node(node, session))
    case .empty: f.write(node: node, nil)
    case .overwrite: f.write(node: node, "other")
    case .unlabel:
      // As an answer shows it; the watch says that it was deleted.
      var form = TableFixture.node(node, session)
      form.metadata?.labels = nil
      f.version += 1
      f.table.apply(answer: TableFixture.record(form, f.version), at: f.now)
    case .strategy: f.write(TableFixture.node(node, session, strategy: "OldestEmulationVersion"))
    }
  }

  @Test func aTornDownSessionThatComesBackInTimeLivesOn() {
    var f = TableFixture()
    f.write(node: "z", "s")
    f.delete(TableFixture.node("z", "s"))
    f.wait(.seconds(3))
    f.write(node: "z", "s")
    _ = f.changes()
    f.wait(.milliseconds(5999))
    #expect(f.changes().isEmpty)
    #expect(f.table.sessions[SessionID("s")]?.isLive == true)
  }

  @Test func theNextSessionVouchesForTheOneBefore() {
    var f = TableFixture()
    f.write(node: "z", "s")
    let epoch = f.write(x, "z/s")
    f.delete(TableFixture.node("z", "s"))
    _ = f.changes()
    f.write(node: "z", "s2", ended: ["s"])
    let told = f.changes()
    #expect(told.contains(.freed(x, Epoch(epoch))))
    #expect(told.contains(.sessionEnded(SessionID("s"))))
  }

  @Test func aHolderWhomNobodyKnowsHasTheTimeThatItsClaimStates() {
    var f = TableFixture(own: nil)
    f.replace([(TableFixture.claim(x, "gone/s"), 90), (TableFixture.node("z", "t"), 91)])
    _ = f.changes()
    #expect(f.acquisition(x).isHeld)
    #expect(f.table.picture().sessions.map(\.node) == ["z"])
    f.wait(.milliseconds(5999))
    #expect(f.acquisition(x).isHeld)
    f.wait(.milliseconds(1))
    #expect(f.acquisition(x).isUpdate)
  }

  @Test func aNewcomerTrustsTheMarkOfTheEnd() {
    var f = TableFixture(own: nil)
    f.replace([
      (TableFixture.claim(x, "z/s"), 90), (TableFixture.node("z", "s2", ended: ["s1", "s"]), 91),
    ])
    #expect(f.acquisition(x).isUpdate)
  }

  @Test func aNameIsTakenUntilItsSessionHasEnded() {
    var f = TableFixture(own: nil)
    #expect(f.table.opening() == .create(ended: []))
    f.write(node: "m", "old")
    guard case .taken(let other) = f.table.opening() else {
      Issue.record("\(f.table.opening())")
      return
    }
    #expect(other.id == SessionID("old"))
    #expect(f.wait(.seconds(6)).count == 1)
    let version = f.write(node: "m", nil, ended: ["old"])
    #expect(f.table.opening() == .update(version: version, ended: [SessionID("old")]))
  }

  @Test func aNameWhoseLeaseWasTornDownStaysTakenForAWhile() {
    var f = TableFixture(own: nil)
    f.write(node: "m", "old")
    f.delete(TableFixture.node("m", "old"))
    guard case .taken = f.table.opening() else {
      Issue.record("\(f.table.opening())")
      return
    }
    f.wait(.seconds(6))
    #expect(f.table.opening() == .create(ended: []))
  }

  /// Whoever answers for us may not have heard of it yet: the others are not told before the deadline.
  @Test func aSessionThatWasTornDownIsNotVouchedForBeforeItIsSilent() {
    var f = TableFixture()
    f.delete(TableFixture.node("m", "own"))
    #expect(f.table.opening() == .create(ended: []))
    f.wait(.milliseconds(5999))
    #expect(f.table.opening() == .create(ended: []))
    f.wait(.milliseconds(1))
    #expect(f.table.opening() == .create(ended: [SessionID("own")]))
    // Emptied by somebody, which is the same.
    var g = TableFixture()
    let version = g.write(node: "m", nil)
    #expect(g.table.opening() == .update(version: version, ended: []))
    g.wait(.seconds(6))
    #expect(g.table.opening() == .update(version: version, ended: [SessionID("own")]))
  }

  @Test func anOpeningWhoseAnswerGotLostIsWrittenOver() {
    let f = TableFixture()
    let version = f.version
    #expect(f.table.opening() == .update(version: version, ended: [SessionID("own")]))
  }

  @Test func endedSessionsAreForgottenWhenNothingMentionsThem() {
    var f = TableFixture()
    f.write(node: "z", "s")
    f.write(x, "z/s")
    f.write(node: "z", nil, ended: ["s"])
    _ = f.table.takeLitter(at: f.now)
    #expect(f.table.sessions[SessionID("s")] != nil)
    f.delete(TableFixture.claim(x, nil))
    f.delete(TableFixture.node("z", nil))
    _ = f.table.takeLitter(at: f.now)
    #expect(f.table.sessions[SessionID("s")] == nil)
  }
}
