import FaultCheckers
import Testing
import Time
import Wire

struct TrialCheckTests {
  private func trial(
    _ range: Range<Int> = 0..<1000, silences: [Trial.Silence] = [], keepsOwner: Bool = false
  ) -> Trial {
    Trial(
      start: at(range.lowerBound), end: at(range.upperBound), addresses: [address],
      silences: silences, keepsOwner: keepsOwner)
  }

  private func check(_ trial: Trial, _ assertions: [Assertion]) -> TrialCheck {
    TrialCheck(trial, assertions, stations: stations)
  }

  @Test func theGapIsTheLongestTimeWithoutAnAnswer() {
    let result = check(trial(), frames(macB, 530...1000) + frames(macA, 0...500))
    #expect(result.gap == .milliseconds(30))
    #expect(result.gapStart == at(500))
    #expect(result.worst == address)
    #expect(result.complaints.isEmpty)
  }

  @Test func theEndsOfTheTrialCount() {
    #expect(check(trial(), frames(macA, 0...500)).gap == .milliseconds(500))
    #expect(check(trial(), frames(macA, 700...1000)).gap == .milliseconds(700))
    #expect(check(trial(), []).gap == .milliseconds(1000))
  }

  @Test func strangersAnswerNothing() {
    #expect(
      check(trial(), frames(macA, 0...500) + frames(stranger, 500...1000)).gap
        == .milliseconds(500))
  }

  @Test func anOwnerThatMustStay() {
    let both = frames(macA, 0...500) + frames(macB, 502...1000)
    #expect(check(trial(keepsOwner: true), both).complaints.count == 1)
    #expect(check(trial(keepsOwner: true), frames(macA, 0...1000)).complaints.isEmpty)
  }

  @Test func whoMustBeSilentAndSpeaks() {
    func silence(_ station: MACAddress?) -> [Trial.Silence] {
      [Trial.Silence(station: station, from: at(400), until: at(600), reason: "cut off")]
    }
    let spoken = frames(macA, 0...450)
    let found = check(trial(silences: silence(macA)), spoken).complaints
    #expect(found.count == 1)
    #expect(found.first?.contains("from 2 to 50 ms") == true)
    #expect(check(trial(silences: silence(macB)), spoken).complaints.isEmpty)
    #expect(check(trial(silences: silence(nil)), spoken).complaints.count == 1)
  }

  /// Where the client was kept from asking, nobody could answer; what is left of the gap counts.
  @Test func timeInWhichNobodyAskedIsNoGap() {
    let spoken = frames(macA, 0...400) + frames(macA, 500...800) + frames(macA, 840...1000)
    func gap(_ pauses: [Range<Instant>]) -> Duration {
      TrialCheck(trial(), spoken, stations: stations, pauses: pauses).gap
    }
    #expect(gap([]) == .milliseconds(100))
    #expect(gap([at(410)..<at(440)]) == .milliseconds(70))
    #expect(gap([at(390)..<at(499)]) == .milliseconds(40))
    #expect(gap([at(600)..<at(700)]) == .milliseconds(100))
  }

  @Test func millisecondsAreRoundedUp() {
    #expect(milliseconds(.microseconds(50_001)) == 51)
    #expect(milliseconds(.milliseconds(50)) == 50)
    #expect(milliseconds(.zero) == 0)
  }
}
