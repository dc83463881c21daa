import Announcer
import Testing
import Time
import Wire

/// lease.md §2: the deadline, per frame, for answers and announcements alike.
struct GateTests {
  private let claim = Claim(address: .v4(Sample.address), interfaceIndex: 7)
  private let claim6 = Claim(address: .v6(Sample.address6), interfaceIndex: 7)

  private func isAnswered(_ verdict: Verdict) -> Bool {
    if case .reply = verdict { true } else { false }
  }

  @Test func nothingIsSentFromTheDeadlineOn() {
    let table = Sample.table()
    for (moment, isOpen) in [
      (Sample.deadline - .nanoseconds(1), true), (Sample.deadline, false),
      (Sample.deadline + .seconds(3), false),
    ] {
      let arrival = Arrival(
        interfaceIndex: 7, packetType: .broadcast, receivedAt: moment - .microseconds(5))
      #expect(isAnswered(table.judge(Sample.request(), arrival, now: moment)) == isOpen)
      #expect(isAnswered(table.judge(Sample.solicitation(), arrival, now: moment)) == isOpen)
      for claim in [claim, claim6] {
        let frame = table.announcement(of: claim, form: .arpRequest, now: moment)
        #expect(((try? frame.get()) != nil) == isOpen)
      }
    }
    #expect(
      table.judge(
        Sample.request(),
        Arrival(interfaceIndex: 7, packetType: .broadcast, receivedAt: Sample.deadline),
        now: Sample.deadline) == .ignore(.gateClosed))
  }

  @Test func aRequestThatWaitedTooLongIsStale() {
    let table = Sample.table()
    #expect(isAnswered(table.judge(Sample.request(), Sample.arrival(age: .milliseconds(100)))))
    for age: Duration in [.milliseconds(100) + .nanoseconds(1), .seconds(3600), .seconds(-1)] {
      #expect(table.judge(Sample.request(), Sample.arrival(age: age)) == .ignore(.stale))
      #expect(table.judge(Sample.solicitation(), Sample.arrival(age: age)) == .ignore(.stale))
    }
  }

  @Test func aRequestFromBeforeTheClaimIsStale() {
    let table = Sample.table(openedAt: Sample.now - .milliseconds(10))
    let before = Sample.arrival(age: .milliseconds(10) + .nanoseconds(1))
    #expect(table.judge(Sample.request(), before) == .ignore(.stale))
    #expect(isAnswered(table.judge(Sample.request(), Sample.arrival(age: .milliseconds(10)))))
  }

  @Test func aRequestFromBeforeTheGateOpenedAgainIsStale() {
    var table = Sample.table(deadline: Sample.now - .milliseconds(50))
    table.extend(to: Sample.now + .seconds(4), now: Sample.now - .milliseconds(5))
    #expect(table.judge(Sample.request(), Sample.arrival(age: .milliseconds(6))) == .ignore(.stale))
    #expect(isAnswered(table.judge(Sample.request(), Sample.arrival(age: .milliseconds(4)))))
  }

  @Test func theDeadlineMovesForwardOnlyAndAnOpenGateStaysOpen() {
    var table = Sample.table()
    table.extend(to: Sample.deadline - .milliseconds(500), now: Sample.now)
    #expect(table.deadline == Sample.deadline)
    table.extend(to: Sample.deadline + .seconds(1), now: Sample.now)
    #expect(table.deadline == Sample.deadline + .seconds(1))
    #expect(isAnswered(table.judge(Sample.request(), Sample.arrival(age: .milliseconds(90)))))
  }

  // MARK: What was revoked (lease.md §2.17)

  @Test func whatIsRevokedIsNeitherAnsweredNorAnnounced() {
    var table = Sample.table()
    table.revoke(claim.address, revision: 1)
    #expect(table.judge(Sample.request()) == .ignore(.targetNotClaimed))
    #expect(
      table.announcement(of: claim, form: .arpReply, now: Sample.now)
        == .failure(.targetNotClaimed))
    // The rest goes on.
    #expect(isAnswered(table.judge(Sample.solicitation())))
  }

  /// Others were put behind it, and are still found.
  @Test func whatIsRevokedHidesNothing() {
    let claims = (0..<1000).map { number in
      (
        claim: Claim(
          address: .v4(IPv4Address(rawValue: 0x0a00_0000 + UInt32(number))), interfaceIndex: 7),
        slot: Int32(number), openedAt: Instant.distantPast
      )
    }
    var table = ClaimTable(
      claims: claims, links: [LinkContext(interfaceIndex: 7, hardwareAddress: Sample.own)],
      ownHardwareAddresses: [], deadline: Sample.deadline)
    for claim in claims where claim.slot % 2 == 0 {
      table.revoke(claim.claim.address, revision: 1)
    }
    for claim in claims {
      #expect(table.slot(of: claim.claim) == (claim.slot % 2 == 0 ? nil : claim.slot))
    }
  }

  /// The table of a loop that was slow must not answer for what was lost meanwhile.
  @Test func aTableFromAnEarlierViewGoesWithoutWhatWasRevokedSince() {
    var first = Sample.table(revision: 3)
    first.revoke(claim.address, revision: 4)
    var second = Sample.table(revision: 3)
    second.succeed(first)
    #expect(second.slot(of: claim) == nil && second.slot(of: claim6) != nil)
    // Handed on as long as it takes.
    var third = Sample.table(revision: 3)
    third.succeed(second)
    #expect(third.slot(of: claim) == nil)
    var fourth = Sample.table(revision: 4)
    fourth.succeed(third)
    #expect(fourth.slot(of: claim) != nil)
  }

  @Test func theDeadlineIsHandedOn() {
    var table = Sample.table(deadline: .distantPast)
    table.succeed(Sample.table())
    #expect(table.deadline == Sample.deadline)
  }

  @Test func anEmptyTableAnswersAndAnnouncesNothing() {
    let table = ClaimTable()
    #expect(table.judge(Sample.request()) == .ignore(.unknownLink))
    #expect(
      table.announcement(of: claim, form: .arpReply, now: Sample.now) == .failure(.unknownLink))
  }

  @Test func onlyClaimsAreAnnounced() {
    let table = Sample.table()
    let other = Claim(address: .v4(Sample.clientAddress), interfaceIndex: 7)
    #expect(
      table.announcement(of: other, form: .arpReply, now: Sample.now)
        == .failure(.targetNotClaimed))
    let wrongLink = Claim(address: .v4(Sample.address), interfaceIndex: 8)
    #expect(
      table.announcement(of: wrongLink, form: .arpReply, now: Sample.now)
        == .failure(.targetNotClaimed))
  }
}
