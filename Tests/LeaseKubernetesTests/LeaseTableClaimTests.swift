import Lease
import Testing
import Time
import Wire

@testable import LeaseKubernetes

/// Whose claims are, and when they are free.
struct LeaseTableClaimTests {
  /// A foreign session with a claim.
  private func held() -> (TableFixture, epoch: UInt64) {
    var f = TableFixture()
    f.write(node: "z", "s")
    let epoch = f.write(x, "z/s")
    _ = f.changes()
    return (f, epoch)
  }

  @Test func whatThereIsNoLeaseForIsFree() {
    let f = TableFixture()
    #expect(f.acquisition(x) == .create)
  }

  @Test func whatItsHolderGaveBackIsFreeAtOnce() {
    var (f, epoch) = held()
    let version = f.write(x, "", released: "s")
    #expect(f.changes() == [.freed(x, Epoch(epoch))])
    #expect(
      f.acquisition(x) == .update(version: version, transitions: 0, hasPreferredHolder: false))
    f.write(x, nil, released: "s")
    #expect(f.acquisition(x).isUpdate)
  }

  enum Meddling: CaseIterable { case delete, empty, absent, overwrite, falseMark, endedSession }

  @Test(arguments: Meddling.allCases)
  func whatSomebodyElseFreedIsFreeForOthersLater(_ how: Meddling) {
    var (f, epoch) = held()
    f.write(node: "y", "e")
    f.write(node: "y", nil, ended: ["e"])
    f.wait(.seconds(1))
    _ = f.changes()
    meddle(&f, how)
    // Whoever has the session goes on living.
    f.write(node: "z", "s")
    #expect(f.acquisition(x).isHeld)
    f.wait(.milliseconds(3000))
    f.write(node: "z", "s")
    #expect(f.wait(.milliseconds(2999)).isEmpty)
    #expect(f.acquisition(x).isHeld)
    #expect(!f.changes().contains { if case .freed = $0 { true } else { false } })
    #expect(f.table.picture().claims[x] != nil)
    f.wait(.milliseconds(1))
    #expect(f.changes().contains { if case .freed(x, _) = $0 { true } else { false } })
    #expect(!f.acquisition(x).isHeld)
    #expect(f.table.picture().claims[x] == nil)
    _ = epoch
  }

  @Test(arguments: Meddling.allCases)
  func itsHolderIsToldAtOnceAndMayTakeItAgain(_ how: Meddling) {
    var f = TableFixture()
    f.write(node: "y", "e")
    f.write(node: "y", nil, ended: ["e"])
    let epoch = f.write(x, "m/own")
    _ = f.changes()
    meddle(&f, how)
    let told = f.changes()
    if how == .overwrite {
      #expect(told == [.claimed(x, holder("bogus", "bogus", f.version))])
      #expect(f.acquisition(x).isHeld)
    } else {
      #expect(told == [.freed(x, Epoch(epoch))])
      #expect(f.acquisition(x) == .create || f.acquisition(x).isUpdate)
    }
  }

  private func meddle(_ f: inout TableFixture, _ how: Meddling) {
    switch how {
    case .delete: f.delete(TableFixture.claim(x, "z/s"))
    case .empty: f.write(x, "")
    case .absent: f.write(x, nil)
    case .overwrite: f.write(x, "bogus")
    case .falseMark: f.write(x, "", released: "e")
    case .endedSession: f.write(x, "y/e")
    }
  }

  @Test func theOldHolderWhoTookItAgainHasIt() {
    var (f, _) = held()
    f.delete(TableFixture.claim(x, "z/s"))
    let epoch = f.write(x, "z/s")
    #expect(f.changes() == [.claimed(x, holder("z", "s", epoch))])
    f.write(x, "", released: "s")
    #expect(f.acquisition(x).isUpdate)
  }

  @Test func theEndOfTheOldHolderEndsTheWait() {
    var (f, epoch) = held()
    f.delete(TableFixture.claim(x, "z/s"))
    f.write(node: "z", nil, ended: ["s"])
    #expect(f.changes().contains(.freed(x, Epoch(epoch))))
    #expect(f.acquisition(x) == .create)
  }

  @Test func whatWasMadeOursWhileAnotherHeldItIsNotOursYet() {
    var (f, _) = held()
    let epoch = f.write(x, "m/own")
    #expect(f.acquisition(x).isImpossible)
    #expect(f.confirm(x, of: SessionID("own"), epoch: Epoch(epoch)) == false)
    f.wait(.seconds(3))
    f.write(node: "z", "s")
    f.wait(.seconds(3))
    #expect(f.acquisition(x) == .own(Epoch(epoch)))
  }

  @Test func theEpochIsOfTheWriteThatAcquired() {
    var f = TableFixture()
    let epoch = f.write(x, "m/own")
    // Somebody puts a label on it.
    let labelled = f.write(x, "m/own")
    #expect(labelled > epoch)
    #expect(f.acquisition(x) == .own(Epoch(epoch)))
    #expect(f.table.picture().claims[x]?.epoch == Epoch(epoch))
    // The guard of the release is the newest version all the same.
    #expect(
      f.table.release(of: ClaimReference(address: x, epoch: Epoch(epoch)), SessionID("own"))
        == labelled)
    #expect(
      f.table.release(of: ClaimReference(address: x, epoch: Epoch(labelled)), SessionID("own"))
        == nil)
  }

  @Test func anAnswerThatAListOvertookStillTellsTheEpoch() {
    var f = TableFixture()
    // Acquired at 150, labelled at 160, listed at 170, and only then answered.
    f.version = 169
    f.replace([(TableFixture.node("m", "own"), 101), (TableFixture.claim(x, "m/own"), 160)])
    f.table.apply(answer: TableFixture.record(TableFixture.claim(x, "m/own"), 150), at: f.now)
    #expect(f.confirm(x, of: SessionID("own"), epoch: Epoch(150)) == true)
    #expect(f.table.picture().claims[x] == holder("m", "own", 150))
    // Taken away before the answer came: it is not ours.
    f.version += 1
    f.replace([(TableFixture.node("m", "own"), 101)])
    #expect(f.confirm(x, of: SessionID("own"), epoch: Epoch(150)) == false)
  }

  @Test func olderNewsChangesNothing() {
    var (f, epoch) = held()
    f.table.apply(answer: TableFixture.record(TableFixture.claim(x, "old/o"), 50), at: f.now)
    f.table.apply(
      event: TableFixture.record(TableFixture.claim(x, "z/s"), 99), isDeletion: true, at: f.now)
    #expect(f.acquisition(x) == .held(holder("z", "s", epoch)))
    f.write(x, "", released: "s")
    f.delete(TableFixture.claim(x, nil))
    // A late answer does not bring back what was deleted.
    f.table.apply(answer: TableFixture.record(TableFixture.claim(x, "z/s"), epoch), at: f.now)
    #expect(f.acquisition(x) == .create)
  }

  @Test func aListThatIsOlderThanAnotherIsIgnored() {
    var (f, epoch) = held()
    f.table.replace([], version: 99, at: f.now)
    #expect(f.acquisition(x) == .held(holder("z", "s", epoch)))
  }

  @Test func whatAListDoesNotHaveAnyMoreWasDeleted() {
    var (f, epoch) = held()
    let session = TableFixture.node("z", "s")
    f.replace([(session, epoch - 1), (TableFixture.node("m", "own"), 101)])
    #expect(f.acquisition(x).isHeld)
    #expect(f.table.claims[x]?.record == nil)
    // Known to be newer than the list: it stays.
    let later = f.write(y, "z/s")
    f.table.replace([], version: later - 1, at: f.now)
    #expect(f.acquisition(y).isHeld)
    #expect(f.table.claims[y]?.record != nil)
  }

  @Test func anotherCoordinatorsLeaseIsLeftAlone() {
    var f = TableFixture()
    let epoch = f.write(x, "m/own")
    _ = f.changes()
    f.write(TableFixture.claim(x, "m/own", strategy: "OldestEmulationVersion"))
    let told = f.changes()
    guard case .claimed(x, let other)? = told.first else {
      Issue.record("\(told)")
      return
    }
    #expect(other.session != SessionID("own") && other.epoch > Epoch(epoch))
    #expect(told.contains { if case .trouble(let t) = $0 { t != nil } else { false } })
    #expect(f.acquisition(x).isImpossible)
    let reference = ClaimReference(address: x, epoch: nil)
    #expect(f.table.release(of: reference, SessionID("own")) == nil)
    f.wait(.seconds(1000))
    #expect(f.acquisition(x).isImpossible)
    #expect(f.litter(at: f.now).isEmpty)
    f.write(x, "m/own")
    #expect(f.changes().contains(.trouble(nil)))
  }

  @Test func foreignNamesWithOurLabelAreTrouble() {
    var f = TableFixture()
    var form = TableFixture.claim(x, "a")
    form.metadata?.name = "announcer-ip-10-80-8"
    f.write(form)
    guard case .trouble(let trouble?)? = f.changes().first else {
      Issue.record("no trouble")
      return
    }
    #expect(trouble.text.contains("announcer-ip-10-80-8 "))
    f.delete(form)
    #expect(f.changes() == [.trouble(nil)])
  }

  @Test func whatNobodyNeedsIsTidiedAwayByTheFirst() {
    var f = TableFixture()
    f.write(node: "z", "s")
    f.write(x, "z/s")
    let version = f.write(x, "", released: "s")
    #expect(f.litter(at: f.now + .milliseconds(59_999)).isEmpty)
    f.now = f.now + .seconds(60)
    #expect(
      f.litter(at: f.now) == [
        .delete(lease: "announcer-ip-10-80-8-150", uid: "u-10.80.8.150", version: version)
      ])
    // Tried again after as long.
    f.now = f.now + .seconds(59)
    #expect(f.litter(at: f.now).isEmpty)
    let ended = f.write(node: "z", nil, ended: ["s"])
    f.delete(TableFixture.claim(x, nil))
    f.now = f.now + .milliseconds(599_999)
    #expect(f.litter(at: f.now).isEmpty)
    f.now = f.now + .milliseconds(1)
    #expect(
      f.litter(at: f.now) == [
        .delete(lease: "announcer-node-z", uid: "u-z", version: ended)
      ])
  }

  @Test func tidyingGoesByRankAndAHandfulAtATime() {
    var f = TableFixture()
    f.write(node: "a", "s")
    for number in UInt32(0)..<20 {
      f.write(.v4(IPv4Address(rawValue: 0x0a00_0001 + number)), "", released: "s")
    }
    let start = f.now
    f.now = start + .milliseconds(62_999)
    f.write(node: "a", "s")
    #expect(f.litter(at: f.now).isEmpty)
    #expect(f.litter(at: start + .seconds(63)).count == 8)
    #expect(f.litter(at: start + .seconds(63)).count == 8)
    #expect(f.litter(at: start + .seconds(63)).count == 4)
  }
}
