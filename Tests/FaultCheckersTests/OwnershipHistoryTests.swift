import FaultCheckers
import Testing
import Time

struct OwnershipHistoryTests {
  @Test func ownersFollowEachOther() throws {
    let history = OwnershipHistory(events: handOver.reversed())
    #expect(
      history.ownerships[address] == [
        Ownership(address: address, node: "a", epoch: 4, from: at(100), until: at(500)),
        Ownership(address: address, node: "b", epoch: 6, from: at(510)),
      ])
    #expect(history.overwritten.isEmpty)
    #expect(history.owner(of: address, at: at(499))?.node == "a")
    #expect(history.owner(of: address, at: at(505)) == nil)
    #expect(history.owner(of: address, at: at(510))?.node == "b")
  }

  @Test func aClaimWrittenAnewByItsHolderIsTheSameOwnership() {
    let again = handOver + [event(7, 600, .claim(address, lease: 11, epoch: 6))]
    #expect(OwnershipHistory(events: again).ownerships[address]?.count == 2)
  }

  @Test func aClaimOverwrittenByAnotherIsSaid() {
    let events = handOver + [event(7, 600, .claim(address, lease: 10, epoch: 6))]
    let history = OwnershipHistory(events: events)
    #expect(history.overwritten.count == 1)
    #expect(history.ownerships[address]?[1].until == at(600))
    let garbage = handOver + [event(7, 600, .claim(address, lease: 0, epoch: 6))]
    #expect(OwnershipHistory(events: garbage).ownerships[address]?.last?.node == "nobody")
  }

  /// A watcher that was late with one revision and not with the next has seen the first by then.
  @Test func aLaterRevisionBoundsTheSightingOfAnEarlier() {
    var events = handOver
    events[2] = event(4, 507, .claim(address, lease: 10, epoch: 4))
    #expect(OwnershipHistory(events: events).ownerships[address]?[0].from == at(500))
  }

  @Test func anOwnershipIsFoundForFramesAfterItsEnd() {
    let history = OwnershipHistory(events: handOver)
    func find(_ node: String, _ time: Int) -> Int64? {
      history.ownership(of: address, by: node, begunAt: at(time), tolerance: .milliseconds(5))?
        .epoch
    }
    #expect(find("a", 700) == 4)
    #expect(find("b", 505) == 6)
    #expect(find("b", 504) == nil)
  }
}
