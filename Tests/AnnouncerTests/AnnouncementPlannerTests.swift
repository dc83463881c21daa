import Testing
import Time
import Wire

@testable import Announcer

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
      case .defend(let claim):
        lines.append("\(Int((now - self.start).milliseconds)) defend \(claim.address)")
      case .ask(let claim):
        lines.append("\(Int((now - self.start).milliseconds)) ask \(claim.address)")
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
      case .announce, .defend, .ask: sent.append(Int((now - start).milliseconds * 10))
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
      case .announce, .defend, .ask: sent.append(Int((now - start).milliseconds) - 60_000)
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

  @Test func aDefenceIsOneFrameAtOnceAndLeavesTheScheduleAlone() {
    var planner = AnnouncementPlanner(
      schedule: AnnouncementSchedule(rounds: [.zero, .milliseconds(100)], refresh: .zero))
    planner.update([claim(1): affirmation()], at: start)
    _ = transcript(&planner, until: .milliseconds(30))
    planner.defend(claim(1), at: start + .milliseconds(30))
    planner.defend(claim(9), at: start + .milliseconds(30))
    #expect(
      transcript(&planner, from: .milliseconds(30), until: .seconds(1))
        == ["30 defend 10.0.0.1", "100 10.0.0.1"])
  }

  @Test func onlyTheFirstRoundIsNews() {
    var planner = AnnouncementPlanner(
      schedule: AnnouncementSchedule(rounds: [.zero, .zero], refresh: .zero, spacing: .zero))
    planner.update([claim(1): affirmation()], at: start)
    #expect(planner.next(at: start) == .announce(claim(1), isFirst: true))
    #expect(planner.next(at: start) == .announce(claim(1), isFirst: false))
    planner.defend(claim(1), at: start)
    #expect(planner.next(at: start) == .defend(claim(1)))
  }

  /// However often an address is contested, one defence waits; what is new goes before all of them.
  @Test func defencesDoNotDelayWhatIsNew() {
    var planner = AnnouncementPlanner(
      schedule: AnnouncementSchedule(rounds: [.zero, .milliseconds(3)], refresh: .zero))
    planner.update([claim(1): affirmation(), claim(2): affirmation()], at: start)
    _ = transcript(&planner, until: .milliseconds(50))
    let now = start + .milliseconds(60)
    for _ in 0..<1000 {
      planner.defend(claim(1), at: now)
      planner.defend(claim(2), at: now)
    }
    planner.update(
      [claim(1): affirmation(), claim(2): affirmation(), claim(3): affirmation()], at: now)
    #expect(
      transcript(&planner, from: .milliseconds(60), until: .seconds(1)) == [
        "60 10.0.0.3", "62 defend 10.0.0.1", "63 defend 10.0.0.2", "64 10.0.0.3",
      ])
    // Once it has left, the next one may be queued.
    planner.defend(claim(1), at: start + .seconds(2))
    #expect(
      transcript(&planner, from: .seconds(2), until: .seconds(3)) == ["2000 defend 10.0.0.1"])
  }

  /// Questions wait for the first announcement of everything, are paced like it, and come once.
  @Test func whatIsUnaskedIsAskedForOnceBehindTheFirstRound() {
    var planner = AnnouncementPlanner(
      schedule: AnnouncementSchedule(rounds: [.zero, .milliseconds(3)], refresh: .zero))
    let wanted = Dictionary(uniqueKeysWithValues: (1...3).map { (claim($0), affirmation()) })
    planner.update(wanted, unasked: [claim(1), claim(3), claim(9)], at: start)
    planner.update(wanted, unasked: [claim(1), claim(3)], at: start)
    #expect(
      transcript(&planner, until: .seconds(1)) == [
        "0 10.0.0.1", "2 10.0.0.2", "4 10.0.0.3", "6 ask 10.0.0.1", "7 ask 10.0.0.3",
        "8 10.0.0.1", "10 10.0.0.2", "12 10.0.0.3",
      ])
  }

  @Test func aQuestionWaitsOnceHoweverOftenItIsWanted() {
    var planner = AnnouncementPlanner(
      schedule: AnnouncementSchedule(rounds: [.zero], refresh: .zero))
    planner.update([claim(1): affirmation(), claim(2): affirmation()], at: start)
    _ = transcript(&planner, until: .seconds(1))
    for _ in 0..<100 { planner.ask([claim(1), claim(2), claim(9)], at: start + .seconds(1)) }
    #expect(
      transcript(&planner, from: .seconds(1), until: .seconds(2))
        == ["1000 ask 10.0.0.1", "1001 ask 10.0.0.2"])
    planner.ask([claim(2)], at: start + .seconds(3))
    #expect(transcript(&planner, from: .seconds(3), until: .seconds(4)) == ["3000 ask 10.0.0.2"])
  }

  @Test func nobodyIsAskedForWhatIsGone() {
    var planner = AnnouncementPlanner(
      schedule: AnnouncementSchedule(rounds: [.zero], refresh: .zero))
    planner.update(
      [claim(1): affirmation(), claim(2): affirmation()], unasked: [claim(1)], at: start)
    planner.update([claim(2): affirmation()], at: start)
    #expect(transcript(&planner, until: .seconds(1)) == ["0 10.0.0.2"])
  }

  /// With hundreds of links there is always something due: the mail is looked at all the same.
  @Test func aTurnEndsHoweverMuchIsDue() {
    var planner = AnnouncementPlanner(schedule: AnnouncementSchedule())
    var wanted: [Claim: Affirmation] = [:]
    for link in 1...1000 as ClosedRange<Int32> {
      wanted[claim(1, link: link)] = affirmation(link: link)
    }
    planner.update(wanted, at: start)
    var turn = AnnouncementTurn()
    var sent = 0
    while let step = turn.next(of: &planner, at: start), sent < 1000 {
      guard case .announce = step else { break }
      sent += 1
    }
    #expect(sent == 128)
  }

  /// Links come and go, with containers by the thousand.
  @Test func aLinkThatIsGoneLeavesNothing() {
    var planner = AnnouncementPlanner(schedule: AnnouncementSchedule())
    for link in 1...1000 as ClosedRange<Int32> {
      planner.update([claim(1, link: link): affirmation(link: link)], at: start)
      planner.ask([claim(1, link: link)], at: start)
      #expect(planner.links == [link])
    }
    planner.update([:], at: start)
    #expect(planner.links.isEmpty)
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

  /// One wake-up for many, yet not more in a row than neighbours take, and over the minute as far apart as
  /// everything else.
  @Test func refreshesLeaveTogether() {
    var planner = AnnouncementPlanner(schedule: AnnouncementSchedule(rounds: [.zero]))
    let wanted = Dictionary(
      uniqueKeysWithValues: (1...100).map { (claim($0), affirmation()) })
    planner.update(wanted, at: start)
    #expect(transcript(&planner, until: .seconds(50)).count == 100)
    let refreshes = transcript(&planner, from: .seconds(50), until: .seconds(61))
    #expect(refreshes.count == 100)
    // The first rounds left between 0 and 198 ms; two frames each, on the beat.
    let times = Dictionary(grouping: refreshes) { Int($0.prefix { $0 != " " })! }
      .mapValues(\.count)
    #expect(
      times == [60_000: 1, 60_100: 20, 60_140: 20, 60_180: 10, 60_200: 20, 60_240: 20, 60_280: 9])
  }

  @Test func whatIsNewGoesBetweenRefreshes() {
    var planner = AnnouncementPlanner(schedule: AnnouncementSchedule(rounds: [.zero]))
    var wanted = Dictionary(uniqueKeysWithValues: (1...10).map { (claim($0), affirmation()) })
    planner.update(wanted, at: start)
    _ = transcript(&planner, until: .seconds(60))
    #expect(planner.next(at: start + .milliseconds(60_100)) == .announce(claim(2), isFirst: false))
    wanted[claim(11)] = affirmation()
    planner.update(wanted, at: start + .milliseconds(60_100))
    #expect(planner.next(at: start + .milliseconds(60_100)) == .announce(claim(11), isFirst: true))
    #expect(planner.next(at: start + .milliseconds(60_100)) == .announce(claim(3), isFirst: false))
  }

  /// A step costs the same on one link and on 300.
  @Test func manyLinksAreStepsInOrder() {
    var planner = AnnouncementPlanner(
      schedule: AnnouncementSchedule(rounds: [.zero, .milliseconds(50)], refresh: .seconds(60)))
    var wanted: [Claim: Affirmation] = [:]
    for link in 1...300 as ClosedRange<Int32> {
      for last in 1...10 as ClosedRange<UInt8> {
        wanted[claim(last, link: link)] = affirmation(link: link)
      }
    }
    planner.update(wanted, at: start)
    #expect(transcript(&planner, until: .seconds(59)).count == 6000)
    #expect(transcript(&planner, from: .seconds(59), until: .seconds(119)).count == 3000)
    planner.update([claim(1, link: 9): affirmation(link: 9)], at: start + .seconds(119))
    #expect(
      transcript(&planner, from: .seconds(119), until: .seconds(125)) == ["120100 10.0.0.1"])
  }

  /// Where hundreds wait for a later round: fewer wake-ups, and neither more frames in a row than a switch takes
  /// nor a later end.
  @Test func laterRoundsOfManyLeaveAFewAtATime() {
    var planner = AnnouncementPlanner(
      schedule: AnnouncementSchedule(rounds: [.zero, .milliseconds(50)], refresh: .zero))
    var wanted: [Claim: Affirmation] = [:]
    for number in 0..<2000 as Range<UInt32> {
      let address = IPv4Address(rawValue: 0x0a00_0000 + number)
      wanted[Claim(address: .v4(address), interfaceIndex: 7)] = affirmation()
    }
    planner.update(wanted, at: start)
    let first = transcript(&planner, until: .milliseconds(3999))
    #expect(first.count == 2000)
    let times = Dictionary(
      grouping: transcript(&planner, from: .seconds(4), until: .seconds(10))
    ) { Int($0.prefix { $0 != " " })! }.mapValues(\.count)
    #expect(times.values.reduce(0, +) == 2000)
    // Two frames each. The last 500 go one by one, as few do.
    #expect(times.count < 1500 / 5 + 500 + 2, "\(times.count)")
    #expect(times.values.max()! <= 6)
    #expect(times.keys.max()! <= 8000)
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
