import Announcer
import Testing
import Time
import Wire

/// Transcripts: what is announced when, to the millisecond.
struct AnnouncementPlannerTests {
  private let start = Instant(nanoseconds: 0)

  private func claim(_ last: UInt8, link: Int32 = 7) -> Claim {
    Claim(address: .v4(IPv4Address(10, 0, 0, last)), interfaceIndex: link)
  }

  private func affirmation(
    link: Int32 = 7, generation: UInt32 = 0, revision: UInt32 = 0, mac: UInt64 = 0x0200_0000_0001,
    epoch: UInt64 = 1
  ) -> Affirmation {
    Affirmation(
      link: LinkID(index: link, generation: generation), linkRevision: revision,
      hardwareAddress: MACAddress(rawValue: mac), epoch: epoch)
  }

  /// Runs `planner` until `end` and writes down every step: "0 10.0.0.1", milliseconds first.
  private func transcript(
    _ planner: inout AnnouncementPlanner, from start: Duration = .zero, until end: Duration
  ) -> [String] {
    var lines: [String] = []
    var now = self.start + start
    while now <= self.start + end {
      switch planner.next(at: now) {
      case .announce(let claim, _):
        lines.append("\(Int((now - self.start).milliseconds)) \(claim.address)")
      case .wait(let until):
        guard until > now else {
          Issue.record("a wait that ends before it begins, at \(now)")
          return lines
        }
        now = until
      }
    }
    return lines
  }

  @Test func aGainedAddressFollowsTheSchedule() {
    var planner = AnnouncementPlanner(schedule: AnnouncementSchedule())
    planner.update([claim(1): affirmation()], at: start)
    #expect(
      transcript(&planner, until: .seconds(130))
        == [0, 50, 200, 500, 1100, 2200, 5000, 65_000, 125_000].map { "\($0) 10.0.0.1" })
  }

  /// Woken 1.5 ms late each time, a queue takes no longer than it should; after a pause that was no
  /// queue, frames keep their distance.
  @Test func latenessIsMadeUpForAndIdlenessIsNot() {
    var planner = AnnouncementPlanner(
      schedule: AnnouncementSchedule(rounds: [.zero], refresh: .zero))
    planner.update(
      Dictionary(uniqueKeysWithValues: (1...10).map { (claim($0), affirmation()) }), at: start)
    var now = start
    var sent: [Int] = []
    while sent.count < 10 {
      switch planner.next(at: now) {
      case .announce: sent.append(Int((now - start).milliseconds * 10))
      case .wait(let until): now = until + .microseconds(1500)
      }
    }
    #expect(sent == [0, 35, 55, 75, 95, 115, 135, 155, 175, 195])

    now = start + .seconds(60)
    planner.update(
      Dictionary(uniqueKeysWithValues: (11...13).map { (claim($0), affirmation()) }), at: now)
    sent = []
    while sent.count < 3 {
      switch planner.next(at: now) {
      case .announce: sent.append(Int((now - start).milliseconds) - 60_000)
      case .wait(let until): now = until
      }
    }
    #expect(sent == [0, 2, 4])
  }

  @Test func aRefreshOfZeroEndsWithTheSchedule() {
    var planner = AnnouncementPlanner(
      schedule: AnnouncementSchedule(rounds: [.zero, .milliseconds(20)], refresh: .zero))
    planner.update([claim(1): affirmation()], at: start)
    #expect(transcript(&planner, until: .seconds(500)) == ["0 10.0.0.1", "20 10.0.0.1"])
    #expect(planner.next(at: start + .seconds(501)) == .wait(until: .distantFuture))
  }

  @Test func theFirstRoundOfEveryAddressComesBeforeAnySecondRound() {
    var planner = AnnouncementPlanner(
      schedule: AnnouncementSchedule(rounds: [.zero, .milliseconds(3)], refresh: .zero))
    planner.update(
      Dictionary(uniqueKeysWithValues: (1...4).map { (claim($0), affirmation()) }), at: start)
    // Two frames a round, one millisecond a frame.
    #expect(
      transcript(&planner, until: .seconds(1)) == [
        "0 10.0.0.1", "2 10.0.0.2", "4 10.0.0.3", "6 10.0.0.4", "8 10.0.0.1", "10 10.0.0.2",
        "12 10.0.0.3", "14 10.0.0.4",
      ])
  }

  @Test func linksArePacedApart() {
    var planner = AnnouncementPlanner(
      schedule: AnnouncementSchedule(rounds: [.zero], refresh: .zero))
    planner.update(
      [claim(1): affirmation(), claim(2, link: 8): affirmation(link: 8)], at: start)
    #expect(transcript(&planner, until: .seconds(1)) == ["0 10.0.0.1", "0 10.0.0.2"])
  }

  @Test func aPassOverUnchangedStateSendsNothing() {
    var planner = AnnouncementPlanner(
      schedule: AnnouncementSchedule(rounds: [.zero], refresh: .zero))
    planner.update([claim(1): affirmation()], at: start)
    _ = transcript(&planner, until: .seconds(1))
    planner.update([claim(1): affirmation()], at: start + .seconds(2))
    #expect(transcript(&planner, from: .seconds(2), until: .seconds(9)) == [])
  }

  @Test func everyChangeOfTheAffirmationStartsAfresh() {
    for changed in [
      affirmation(generation: 1), affirmation(revision: 1), affirmation(mac: 0x0200_0000_0002),
      affirmation(epoch: 2),
    ] {
      var planner = AnnouncementPlanner(
        schedule: AnnouncementSchedule(rounds: [.zero, .milliseconds(50)], refresh: .zero))
      planner.update([claim(1): affirmation()], at: start)
      _ = transcript(&planner, until: .milliseconds(20))
      planner.update([claim(1): changed], at: start + .milliseconds(20))
      // The old second round, due at 50, is void.
      #expect(
        transcript(&planner, from: .milliseconds(20), until: .seconds(1))
          == ["20 10.0.0.1", "70 10.0.0.1"])
    }
  }

  @Test func nothingIsAnnouncedAfterTheClaimIsGone() {
    var planner = AnnouncementPlanner(schedule: AnnouncementSchedule())
    planner.update([claim(1): affirmation(), claim(2): affirmation()], at: start)
    _ = transcript(&planner, until: .milliseconds(60))
    planner.update([claim(2): affirmation()], at: start + .milliseconds(60))
    let rest = transcript(&planner, from: .milliseconds(60), until: .seconds(200))
    #expect(!rest.isEmpty && rest.allSatisfy { $0.hasSuffix("10.0.0.2") })
    planner.update([:], at: start + .seconds(200))
    #expect(planner.next(at: start + .seconds(300)) == .wait(until: .distantFuture))
  }

  @Test func aDefenceIsOneRoundAtOnceAndLeavesTheScheduleAlone() {
    var planner = AnnouncementPlanner(
      schedule: AnnouncementSchedule(rounds: [.zero, .milliseconds(100)], refresh: .zero))
    planner.update([claim(1): affirmation()], at: start)
    _ = transcript(&planner, until: .milliseconds(30))
    planner.defend(claim(1), at: start + .milliseconds(30))
    planner.defend(claim(9), at: start + .milliseconds(30))
    #expect(
      transcript(&planner, from: .milliseconds(30), until: .seconds(1))
        == ["30 10.0.0.1", "100 10.0.0.1"])
  }

  @Test func onlyTheFirstRoundIsNews() {
    var planner = AnnouncementPlanner(
      schedule: AnnouncementSchedule(rounds: [.zero, .zero], refresh: .zero, spacing: .zero))
    planner.update([claim(1): affirmation()], at: start)
    #expect(planner.next(at: start) == .announce(claim(1), isFirst: true))
    #expect(planner.next(at: start) == .announce(claim(1), isFirst: false))
    planner.defend(claim(1), at: start)
    #expect(planner.next(at: start) == .announce(claim(1), isFirst: false))
  }

  @Test func theOrderOfWishesDoesNotMatter() {
    let claims = (1...5).map { claim($0) }
    var transcripts: Set<[String]> = []
    for seed in 0..<20 {
      var planner = AnnouncementPlanner(schedule: AnnouncementSchedule())
      var wanted: [Claim: Affirmation] = [:]
      for step in 0..<5 {
        wanted[claims[(step * 3 + seed) % 5]] = affirmation()
      }
      planner.update(wanted, at: start)
      transcripts.insert(transcript(&planner, until: .seconds(70)))
    }
    #expect(transcripts.count == 1)
  }

  @Test func tenThousandAddressesArePlannedInLinearTime() {
    var planner = AnnouncementPlanner(
      schedule: AnnouncementSchedule(rounds: [.zero, .milliseconds(50)], refresh: .zero))
    var wanted: [Claim: Affirmation] = [:]
    for number in 0..<10_000 as Range<UInt32> {
      let address = IPv4Address(rawValue: 0x0a00_0000 + number)
      wanted[Claim(address: .v4(address), interfaceIndex: 7)] = affirmation()
    }
    planner.update(wanted, at: start)
    #expect(transcript(&planner, until: .seconds(100)).count == 20_000)
  }
}
