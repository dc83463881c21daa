import Testing

@testable import Control

/// What `announcer drain` says became of the addresses.
@Suite struct DrainOutcomeTests {
  /// `node-a` announces all but the last, which is another's; afterwards each has the holder that is said.
  private func outcome(_ holders: [String?], backend: LeaseStatus.State = .healthy) -> DrainOutcome
  {
    var before = sample([])
    before.node = "node-a"
    before.lease.state = backend
    before.addresses = holders.indices.map { index in
      var address = announced
      address.address = "10.80.8.\(150 + index)"
      address.holder = "node-a"
      return address
    }
    var standby = announced
    standby.address = "10.80.9.1"
    standby.state = .standby
    before.addresses.append(standby)
    var after = before
    for (index, holder) in holders.enumerated() {
      after.addresses[index].state = .blocked
      after.addresses[index].holder = holder
    }
    return DrainOutcome(before, after: after)
  }

  @Test func eachTakerHasALine() {
    let outcome = outcome(["node-c", "node-b", "node-b"])
    #expect(
      outcome.lines == ["drained: node-b took 2 addresses", "drained: node-c took 1 address"])
    #expect(outcome.loss == nil)
    #expect(!outcome.isOpen(hasOthers: true))
  }

  @Test func whatNobodyTookIsNamed() {
    let outcome = outcome(["node-b", nil, nil])
    #expect(outcome.lines == ["drained: node-b took 1 address"])
    #expect(
      outcome.loss?.hasPrefix("drained, and nobody took 2 addresses: 10.80.8.151, 10.80.8.152\n")
        == true)
    // Others may still take it; where there are none, nobody waits.
    #expect(outcome.isOpen(hasOthers: true) && !outcome.isOpen(hasOthers: false))
    let many = DrainOutcomeTests().outcome(Array(repeating: nil, count: 7), backend: .none)
    #expect(
      many.loss?.contains(
        "10.80.8.154 and 2 more; with `lease.backend: local` no other machine can\n") == true)
  }

  /// A node that is named as its own successor has not released yet.
  @Test func ourOwnReleaseIsWaitedFor() {
    let outcome = outcome(["node-a"])
    #expect(outcome.isOpen(hasOthers: false))
    #expect(outcome.loss != nil && outcome.lines.isEmpty)
  }

  @Test func aNodeThatAnnouncedNothingLosesNothing() {
    let outcome = outcome([])
    #expect(outcome.lines == ["drained: nothing was announced here"])
    #expect(outcome.loss == nil && !outcome.isOpen(hasOthers: true))
  }
}
