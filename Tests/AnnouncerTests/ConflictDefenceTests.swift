import Announcer
import Testing
import Time
import Wire

struct ConflictDefenceTests {
  private let address = IPAddress.v4(Sample.address)
  private let start = Instant(nanoseconds: 5_000_000_000_000)

  private func hear(
    _ defence: inout ConflictDefence, _ mac: MACAddress = Sample.foreign, after: Duration,
    isDefending: Bool = true
  ) -> ConflictDefence.Decision {
    defence.hear(
      address, from: mac, on: 7, count: 1, lastSeenAt: start + after, isDefending: isDefending,
      at: start + after)
  }

  @Test func defendsAtOnceThenEveryTenSeconds() {
    var defence = ConflictDefence()
    let defended = (0..<30).filter { hear(&defence, after: .seconds($0)).defends }
    #expect(defended == [0, 10, 20])
    #expect(defence.latest(for: address)?.count == 30)
  }

  @Test func theLastWordIsOurs() {
    var defence = ConflictDefence()
    for second in 0..<4 { _ = hear(&defence, after: .seconds(second)) }
    #expect(defence.nextDue == start + .seconds(10))
    let early = defence.takeDue(at: start + .milliseconds(9_999))
    #expect(early.isEmpty)
    let due = defence.takeDue(at: start + .seconds(10))
    #expect(due.map(\.address) == [address] && due.map(\.interfaceIndex) == [7])
    // Once, unless it is heard again.
    #expect(defence.nextDue == .distantFuture)
    #expect(!hear(&defence, after: .seconds(11)).defends)
    #expect(defence.nextDue == start + .seconds(20))
  }

  @Test func oneFrameIsAnsweredOnceAndAReportNever() {
    var defence = ConflictDefence()
    _ = hear(&defence, after: .zero)
    #expect(defence.nextDue == .distantFuture)
    var reporting = ConflictDefence()
    for second in 0..<4 { _ = hear(&reporting, after: .seconds(second), isDefending: false) }
    #expect(reporting.nextDue == .distantFuture)
  }

  @Test func whatWaitedIsCountedAndTheNextFrameIsDefendedAgainst() {
    var defence = ConflictDefence()
    let thawed = start + .seconds(3)
    let waited = defence.hear(
      address, from: Sample.foreign, on: 7, count: 5, lastSeenAt: thawed - .milliseconds(101),
      isDefending: true, at: thawed)
    #expect(!waited.defends && !waited.isNews && waited.record.count == 5)
    #expect(hear(&defence, after: .seconds(4)).defends)
  }

  @Test func everyClaimantHasItsOwnInterval() {
    var defence = ConflictDefence()
    #expect(hear(&defence, after: .zero).defends)
    #expect(hear(&defence, Sample.client, after: .seconds(1)).defends)
    #expect(!hear(&defence, after: .seconds(2)).defends)
    #expect(defence.latest(for: address)?.hardwareAddress == Sample.foreign)
    #expect(defence.records.count == 1)
  }

  @Test func reportingCountsAndTellsWithoutDefending() {
    var defence = ConflictDefence()
    let first = hear(&defence, after: .zero, isDefending: false)
    #expect(!first.defends && first.isNews)
    #expect(!hear(&defence, after: .seconds(1), isDefending: false).isNews)
    #expect(defence.latest(for: address)?.count == 2)
  }

  @Test func anOldConflictIsForgotten() {
    var defence = ConflictDefence()
    _ = hear(&defence, after: .zero)
    _ = defence.hear(
      .v6(Sample.address6), from: Sample.foreign, on: 7, count: 1,
      lastSeenAt: start + .seconds(700), isDefending: true, at: start + .seconds(700))
    #expect(defence.latest(for: address) == nil)
  }

  @Test func madeUpClaimantsDoNotFillTheMemory() {
    var defence = ConflictDefence()
    for number in 0..<5000 as Range<UInt64> {
      _ = hear(&defence, MACAddress(rawValue: 0x0200_0000_0000 + number), after: .zero)
    }
    #expect(
      hear(&defence, MACAddress(rawValue: 0x0200_0000_0000), after: .seconds(1)).record.count == 2)
    #expect(
      hear(&defence, MACAddress(rawValue: 0x0200_0000_1300), after: .seconds(1)).record.count == 1)
  }
}
