import Lease
import Testing
import Time
import Wire

struct ExhaustionTests {
  private static let addresses: [IPAddress] = Array(
    IPRange(IPAddress("10.1.0.0")!, IPAddress("10.1.3.231")!)!.addresses)

  /// A store with room for so many claims; counts what it is asked for.
  private struct Store {
    var room: Int
    var tries = 0

    mutating func answer(_ addresses: [IPAddress]) -> Outcome {
      tries += addresses.count
      var answers: [IPAddress: AcquireAnswer] = [:]
      for address in addresses {
        if room > 0 {
          room -= 1
          answers[address] = .acquired(Epoch(UInt64(tries)))
        } else {
          answers[address] = .failed(StoreFailure(.exhausted, "full"))
        }
      }
      return .acquisition(answers)
    }
  }

  /// Plays what is due from `start` to `end`, in milliseconds.
  private func play(
    _ election: inout Election, _ store: inout Store, from start: Int64, to end: Int64
  ) {
    var time = at(start)
    while time <= at(end) {
      switch election.next(at: time) {
      case .wait(let until): time = until
      case .finished: return
      case .call(let call):
        guard case .acquire(let addresses, _) = call.request else { continue }
        election.report(store.answer(addresses), of: call, at: time)
      }
    }
  }

  private func election() -> Election {
    var play = Transcript(timeToLive: nil)
    play.election.compete(for: Set(Self.addresses), at: at(0))
    play.open()
    return play.election
  }

  @Test func whatIsUsedUpIsTriedAtAPace() {
    var election = election()
    var store = Store(room: 100)
    play(&election, &store, from: 0, to: 1000)
    #expect(election.view.held.count == 100)
    #expect(election.view.failures.count == 900)
    #expect(store.tries == 1000)
    play(&election, &store, from: 1001, to: 3_600_000)
    #expect((100...130).contains(store.tries - 1000))
    #expect(election.view.failures.count == 900)
  }

  @Test func oneAfterTheOtherIsTried() {
    var exhaustion = Exhaustion()
    exhaustion.note(Array(Self.addresses.prefix(3)), at: at(0))
    #expect(exhaustion.dueAt == at(2000))
    #expect(exhaustion.take(at: at(1999), limit: 9).isEmpty)
    var tried: [IPAddress] = []
    for time in [2000, 6000, 14_000, 30_000, 60_000, 90_000] as [Int64] {
      let addresses = exhaustion.take(at: at(time), limit: 9)
      tried += addresses
      exhaustion.note(addresses, at: at(time))
      #expect(
        exhaustion.dueAt
          == at(
            time == 2000 ? 6000 : time == 6000 ? 14_000 : time == 14_000 ? 30_000 : time + 30_000))
    }
    #expect(tried == Array(Self.addresses.prefix(3)) + Array(Self.addresses.prefix(3)))
  }

  @Test func manyAnswersOfOneMomentAreOneFailure() {
    var exhaustion = Exhaustion()
    for address in Self.addresses.prefix(5) { exhaustion.note([address], at: at(0)) }
    #expect(exhaustion.dueAt == at(2000))
  }

  @Test func roomIsFoundInDoublingSteps() {
    var election = election()
    var store = Store(room: 100)
    play(&election, &store, from: 0, to: 600_000)
    store = Store(room: 500)
    play(&election, &store, from: 600_001, to: 631_000)
    #expect(election.view.held.count == 600)
    #expect(store.tries < 1100)
    store.room = 10_000
    play(&election, &store, from: 631_001, to: 662_000)
    #expect(election.view.held.count == 1000)
    #expect(election.view.failures.isEmpty)
    #expect(election.view.error == nil)
  }

  @Test func whatIsNotWantedOrIsAnothersIsNotTried() {
    var election = election()
    var store = Store(room: 0)
    play(&election, &store, from: 0, to: 100)
    election.compete(for: Set(Self.addresses.prefix(1)), at: at(200))
    election.update([.claimed(Self.addresses.first!, holder("b", 3))], at: at(200))
    store = Store(room: 10_000)
    play(&election, &store, from: 200, to: 100_000)
    #expect(store.tries == 0)
    election.update([.freed(Self.addresses.first!, Epoch(3))], at: at(100_001))
    play(&election, &store, from: 100_001, to: 101_000)
    #expect(election.view.held.count == 1)
  }
}
