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

  /// DEFEND_INTERVAL is the address's, whatever station asserts it; each station is news once.
  @Test func allClaimantsOfAnAddressShareOneInterval() {
    var defence = ConflictDefence()
    #expect(hear(&defence, after: .zero).defends)
    let second = hear(&defence, Sample.client, after: .seconds(1))
    #expect(!second.defends && second.isNews)
    #expect(!hear(&defence, after: .seconds(2)).defends)
    #expect(defence.latest(for: address)?.hardwareAddress == Sample.foreign)
    #expect(defence.records.count == 1)
    // One more is owed, not one for each.
    #expect(defence.nextDue == start + .seconds(10))
    #expect(defence.takeDue(at: start + .seconds(10)).count == 1)
    #expect(defence.takeDue(at: start + .seconds(20)).isEmpty)
    #expect(defence.records(since: start + .seconds(2)).keys.sorted() == [address])
    #expect(defence.records(since: start + .seconds(3)).isEmpty)
  }

  /// Each link is a LAN of its own.
  @Test func anAddressIsDefendedOnEachLink() {
    var defence = ConflictDefence()
    let decisions = [7, 8].map { link in
      defence.hear(
        address, from: Sample.foreign, on: link, count: 1, lastSeenAt: start, isDefending: true,
        at: start)
    }
    #expect(decisions.map(\.defends) == [true, true])
  }

  @Test func aCrowdOfMadeUpClaimantsIsDefendedAgainstOnceAndFillsNoLog() {
    var defence = ConflictDefence()
    let decisions = (0..<5000 as Range<UInt64>).map { number in
      hear(
        &defence, MACAddress(rawValue: 0x0200_0000_0000 + number), after: .milliseconds(Int(number))
      )
    }
    #expect(decisions.count(where: \.defends) == 1 && decisions[0].defends)
    #expect((1...8).contains(decisions.count(where: \.isNews)))
    #expect(defence.takeDue(at: start + .seconds(10)).count == 1)
    // Beyond what is remembered of claimants, too.
    #expect(!hear(&defence, MACAddress(rawValue: 0x0200_0000_ffff), after: .seconds(11)).defends)
    #expect(hear(&defence, MACAddress(rawValue: 0x0200_0000_fffe), after: .seconds(21)).defends)
  }

  /// A storm over many addresses: a few lines, and one for all the rest.
  @Test func aStormOverManyAddressesFillsNoLog() {
    var defence = ConflictDefence()
    var lines = 0
    for number in 0..<50_000 as Range<UInt64> {
      let now = start + .microseconds(Int(number) * 200)
      let decision = defence.hear(
        .v4(IPv4Address(rawValue: 0x0a50_0000 + UInt32(number % 1000))),
        from: MACAddress(rawValue: 0x0200_0000_0000 + number), on: 7, count: 1, lastSeenAt: now,
        isDefending: true, at: now)
      if decision.hasLine { lines += 1 }
    }
    #expect(lines == ConflictNews.mostLines)
    let summary = defence.takeSummary(at: start + ConflictNews.interval)
    #expect(summary?.frames == UInt64(50_000 - lines))
    #expect(summary?.addresses.count == 1000)
    #expect(summary?.latest.hardwareAddress == MACAddress(rawValue: 0x0200_0000_c34f))
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

  /// Whoever comes behind a crowd is shown all the same, of this address and of others.
  @Test func aCrowdHidesNobody() {
    var defence = ConflictDefence()
    for number in 0..<5000 as Range<UInt64> {
      _ = hear(&defence, MACAddress(rawValue: 0x0200_0000_0000 + number), after: .zero)
    }
    let late = MACAddress(rawValue: 0x0200_0000_ffff)
    _ = hear(&defence, late, after: .seconds(30))
    #expect(defence.latest(for: address)?.hardwareAddress == late)
    let other = defence.hear(
      .v6(Sample.address6), from: late, on: 7, count: 1, lastSeenAt: start + .seconds(31),
      isDefending: true, at: start + .seconds(31))
    #expect(other.defends && other.isNews)
    #expect(
      Set(defence.records(since: start + .seconds(30)).keys) == [address, .v6(Sample.address6)])
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
