import FaultCheckers
import Testing
import Time

struct ExclusionTests {
  private func check(_ assertions: [Assertion], _ events: [StoreEvent] = handOver) -> Exclusion {
    Exclusion(
      assertions, stations: stations, history: OwnershipHistory(events: events),
      tolerance: .milliseconds(5))
  }

  @Test func aCleanHandOverHasNoOverlap() {
    #expect(check(frames(macA, 102...498) + frames(macB, 512...800)).overlaps.isEmpty)
  }

  @Test func oneLateFrameIsAnOverlapUpToIt() {
    let exclusion = check(frames(macA, 102...498) + [frame(macA, 530)] + frames(macB, 512...800))
    #expect(exclusion.worst == .milliseconds(18))
    #expect(exclusion.overlaps.first?.first == "a")
    #expect(exclusion.overlaps.first?.second == "b")
  }

  @Test func comingBackIsNoOverlap() {
    let events =
      handOver + [
        event(7, 900, .released(address)), event(8, 910, .claim(address, lease: 10, epoch: 8)),
      ]
    let spoken = frames(macA, 102...498) + frames(macB, 512...898) + frames(macA, 912...1000)
    #expect(check(spoken, events).overlaps.isEmpty)
    // Without the store's word for it, the same frames are one interval of a around all of b's.
    #expect(check(spoken).worst == .milliseconds(386))
  }

  @Test func strangersAreNotLookedAt() {
    #expect(check(frames(macA, 102...498) + frames(stranger, 300...700)).overlaps.isEmpty)
  }

  @Test func nodesWithoutAnyOwnershipOverlapToo() {
    #expect(
      check(frames(macA, 100...200) + frames(macB, 150...250), []).worst == .milliseconds(50))
  }
}
