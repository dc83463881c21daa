import Lease
import Testing
import Time
import Wire

/// What a newer view changes for frames, without waiting for those who read views (lease.md §2.17).
struct GateChangeTests {
  private let now = Instant(nanoseconds: 1_000_000_000_000)

  /// Holds x and y until 4 s from now.
  private var view: LeaseView {
    var view = LeaseView.initial
    view.held = [
      x: HeldClaim(epoch: Epoch(1), since: now), y: HeldClaim(epoch: Epoch(2), since: now),
    ]
    view.deadline = now + .seconds(4)
    view.revision = 5
    return view
  }

  private func follow(_ change: (inout LeaseView) -> Void) -> (
    change: GateChange?, revision: UInt64
  ) {
    var later = view
    change(&later)
    let result = later.follow(view)
    return (result, later.revision)
  }

  @Test func aRenewalMovesTheDeadline() {
    let end = now + .seconds(6)
    let (change, revision) = follow { $0.deadline = end }
    #expect(change == GateChange(deadline: .forward(end), lost: [], revision: 5))
    #expect(revision == 5)
  }

  @Test func aDoubtShuts() {
    let (change, _) = follow { $0.deadline = .distantPast }
    #expect(change == GateChange(deadline: .shut, lost: [], revision: 5))
  }

  /// Held without a lease, it is open no longer than the LAN was asked for, and not shut.
  @Test func anEarlierDeadlineIsNoDoubt() {
    let end = now + .seconds(1)
    let (change, _) = follow { $0.deadline = end }
    #expect(change == GateChange(deadline: .back(end), lost: [], revision: 5))
  }

  @Test func whatIsLostIsNamedUnderANewRevision() {
    let end = now + .seconds(6)
    let (change, revision) = follow {
      $0.held[x] = nil
      $0.deadline = end
    }
    #expect(change == GateChange(deadline: .forward(end), lost: [x], revision: 6))
    #expect(revision == 6)
  }

  /// Lost and won again between two views: what was asked before is stale.
  @Test func anotherEpochIsALoss() {
    let (change, _) = follow { $0.held[x] = HeldClaim(epoch: Epoch(3), since: now) }
    #expect(change?.lost == [x])
  }

  @Test func whatIsGainedOrSaidChangesNothing() {
    let (change, revision) = follow {
      $0.held[IPAddress("10.0.0.9")!] = HeldClaim(epoch: Epoch(4), since: now)
      $0.gained = 9
      $0.revision = 0
    }
    #expect(change == nil)
    #expect(revision == 5)
  }
}
