import FaultCheckers
import Testing

struct EpochOrderTests {
  private func complaints(_ assertions: [Assertion], _ events: [StoreEvent] = handOver) -> [String]
  {
    EpochOrder(
      assertions, stations: stations, history: OwnershipHistory(events: events),
      tolerance: .milliseconds(5)
    ).complaints
  }

  @Test func risingEpochsAreWell() {
    #expect(complaints(frames(macA, 102...498) + frames(macB, 512...600)).isEmpty)
  }

  @Test func aFrameOfAnOldEpochAfterANewOne() {
    let found = complaints(frames(macA, 102...498) + [frame(macB, 512), frame(macA, 514)])
    #expect(found.count == 1)
    #expect(found.first?.contains("a speaks in epoch 4, after b in epoch 6") == true)
  }

  @Test func epochsThatFallInTheStore() {
    let events =
      handOver.dropLast() + [event(6, 510, .claim(address, lease: 11, epoch: 3))]
    #expect(complaints([], Array(events)).count == 1)
  }

  /// Whoever writes over a claim keeps the key's epoch, and is no owner.
  @Test func garbageIsNobodys() {
    let garbage = event(7, 600, .claim(address, lease: 0, epoch: 6))
    #expect(complaints([], handOver + [garbage]).isEmpty)
  }
}
