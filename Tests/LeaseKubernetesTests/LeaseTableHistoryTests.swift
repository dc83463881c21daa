import Lease
import Testing
import Time
import Wire

@testable import LeaseKubernetes

/// The store under the API server is put back from a backup.
struct LeaseTableHistoryTests {
  /// Our own session holds x, node z's holds y; then versions below 100 come.
  private static func fixture() -> TableFixture {
    var f = TableFixture()
    f.write(x, "m/own")
    f.write(node: "z", "s")
    f.write(y, "z/s")
    _ = f.changes()
    return f
  }

  private static let own = SessionID("own")

  enum Sign: CaseIterable {
    case ownLeaseReadOlder, claimWrittenOlder, createdBeforeWhatWasTold, writtenBeforeWhatWasTold
    case listOlder, watchListOlder

    /// Whether what was answered counts.
    func show(to f: inout TableFixture) -> Bool {
      let own = TableFixture.node("m", "own")
      switch self {
      case .ownLeaseReadOlder: return f.take(own, 50, isWrite: false)
      case .claimWrittenOlder: return f.take(TableFixture.claim(y, "m/own"), 103, isWrite: true)
      case .createdBeforeWhatWasTold:
        return f.take(TableFixture.node("new", "n"), 104, isWrite: true)
      // The backup has the version that was known, so that the write went through.
      case .writtenBeforeWhatWasTold: return f.take(own, 102, isWrite: true)
      case .listOlder: return f.takeList(103)
      case .watchListOlder:
        f.table.take(restored: [], version: 103, at: f.now)
        return true
      }
    }
  }

  @Test(arguments: Sign.allCases) func everythingIsOver(_ sign: Sign) {
    var f = Self.fixture()
    let counts = sign.show(to: &f)
    // Lists are whole: they count, once everything else is forgotten.
    #expect(counts == (sign == .listOlder || sign == .watchListOlder))
    #expect(f.changes() == [.restored])
    #expect(f.table.hasEnded(Self.own) && f.table.nodeEntry(of: Self.own) == nil)
    #expect(f.table.picture() == StorePicture(sessions: [], claims: [:]))
    #expect(f.table.history == 1)
  }

  @Test func answersThatAreAsNewAsTheyShouldBeAreNoSign() {
    var f = Self.fixture()
    let node = TableFixture.node("m", "own")
    for (version, isWrite) in [(101, false), (101, true), (105, true), (106, false)] {
      let counts = f.take(node, UInt64(version), isWrite: isWrite)
      #expect(counts)
    }
    // Deleted, and made again.
    let claim = TableFixture.claim(x, "m/own")
    f.delete(claim)
    #expect(f.table.mark(of: LeaseNames.claim(x)).version == f.version)
    let counts = (f.take(claim, 200, isWrite: true), f.takeList(200))
    #expect(counts == (true, true))
    #expect(f.table.history == 0)
  }

  @Test func whatIsPutBackIsTimedAnew() {
    var f = Self.fixture()
    _ = Sign.ownLeaseReadOlder.show(to: &f)
    _ = f.changes()
    // As the backup has it: our former session still holds x, and so does one that ended long ago.
    let forms: [(LeaseForm, UInt64)] = [
      (TableFixture.node("m", "own"), 50), (TableFixture.claim(x, "m/own"), 40),
      (TableFixture.node("z", "old"), 45), (TableFixture.claim(y, "z/old"), 46),
    ]
    f.table.take(
      restored: forms.map { TableFixture.record($0.0, $0.1) }, version: 60, at: f.now)
    #expect(f.table.history == 1, "the same news, seen twice")
    #expect(
      f.changes() == [
        .sessionOpened(
          SessionDescription(id: SessionID("old"), node: "z", details: "")),
        .claimed(y, holder("z", "old", 46)),
      ])
    #expect(f.wait(.milliseconds(5999)).isEmpty)
    #expect(f.wait(.milliseconds(21)).count == 1, "ended in the store after its whole time")
    // Our own session's end is vouched for.
    #expect(f.table.opening() == .update(version: 50, ended: [Self.own]))
    // Versions that were known in the former history are news in this one.
    f.table.apply(
      event: TableFixture.record(TableFixture.node("z", nil, ended: ["old"]), 61),
      isDeletion: false, at: f.now)
    #expect(
      f.changes() == [.freed(y, Epoch(46)), .sessionEnded(SessionID("old"))])
  }

  @Test func answersOfTheFormerHistoryAreNotTaken() {
    var f = Self.fixture()
    let mark = f.table.mark(of: LeaseNames.claim(y))
    let all = f.table.mark()
    _ = Sign.ownLeaseReadOlder.show(to: &f)
    _ = f.changes()
    let counts = (
      f.take(TableFixture.claim(y, "m/own"), 200, isWrite: true, since: mark),
      f.takeList(200, since: all)
    )
    #expect(counts == (false, false))
    #expect(f.changes().isEmpty)
    #expect(f.table.history == 1 && f.table.delivered == 0)
  }
}
