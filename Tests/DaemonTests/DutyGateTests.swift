import LANTestKit
import LinuxSystem
import Synchronization
import Testing
import Time

@testable import Daemon

struct DutyGateTests {
  private let idles = Counter()

  private final class Counter: Sendable {
    private let state = Mutex(0)
    func count() { state.withLock { $0 += 1 } }
    var value: Int { state.withLock { $0 } }
  }

  private func gate() -> DutyGate { DutyGate { [idles] in idles.count() } }

  @Test func writesBeginInTheOpenTermOnly() throws {
    let gate = gate()
    #expect(gate.term == nil && gate.begin(in: 0) == nil)
    gate.open(until: .now + .seconds(60))
    let term = try #require(gate.term)
    let deadline = try #require(gate.begin(in: term))
    #expect(deadline <= .now + .seconds(2))
    #expect(gate.begin(in: term + 1) == nil)
    gate.end()
    gate.shut()
    #expect(gate.begin(in: term) == nil)
    gate.open(until: .now + .seconds(60))
    #expect(gate.term == term + 1)
    #expect(gate.begin(in: term) == nil, "what was decided in an earlier term counts no more")
  }

  @Test func aRenewalBeginsNoTerm() {
    let gate = gate()
    gate.open(until: .now + .seconds(60))
    let term = gate.term
    gate.open(until: .now + .seconds(120))
    #expect(gate.term == term)
  }

  @Test func noWriteOutlivesTheLease() throws {
    let gate = gate()
    let end = Instant.now + .seconds(1)
    gate.open(until: end)
    let term = try #require(gate.term)
    #expect(try #require(gate.begin(in: term)) <= end)
    gate.open(until: .now + .milliseconds(100))
    #expect(gate.begin(in: term) == nil, "too late for an answer")
  }

  @Test func itIsIdleWhenTheLastWriteHasEnded() throws {
    let gate = gate()
    gate.open(until: .now + .seconds(60))
    let term = try #require(gate.term)
    #expect(gate.begin(in: term) != nil && gate.begin(in: term) != nil)
    gate.end()
    #expect(idles.value == 0)
    #expect(!gate.shut())
    gate.end()
    #expect(idles.value == 1)
    #expect(gate.shut())
  }

  @Test func shutForGoodWaitsForTheLastWrite() async throws {
    let gate = gate()
    gate.open(until: .now + .seconds(60))
    let term = try #require(gate.term)
    #expect(gate.begin(in: term) != nil)
    let ended = Counter()
    await withTaskGroup(of: Void.self) { group in
      group.addTask {
        await gate.shutForGood()
        #expect(ended.value == 1)
      }
      await eventually { gate.term == nil }
      ended.count()
      gate.end()
      await group.waitForAll()
    }
    gate.open(until: .now + .seconds(60))
    #expect(gate.term == nil)
  }
}
