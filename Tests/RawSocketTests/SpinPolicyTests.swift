import RawSocket
import Testing
import Time

struct SpinPolicyTests {
  /// The policy on a clock of microseconds.
  private final class Thread {
    private var policy = SpinPolicy()
    private let start = Instant(nanoseconds: 1_000_000_000)

    func answered(at time: Int64) { policy.answered(at: start + .microseconds(time)) }
    func spins(at time: Int64) -> Bool { policy.shouldSpin(at: start + .microseconds(time)) }
  }

  @Test func spinsOnlyWhileRequestsComeBackToBack() {
    let policy = Thread()
    #expect(!policy.spins(at: 0))
    policy.answered(at: 0)
    #expect(!policy.spins(at: 1))
    policy.answered(at: 20)
    #expect(policy.spins(at: 30))
    #expect(policy.spins(at: 70))
    #expect(!policy.spins(at: 71))
    // Once ended, the spin stays ended until requests come back to back again.
    #expect(!policy.spins(at: 72))
    policy.answered(at: 1000)
    #expect(!policy.spins(at: 1001))
  }

  @Test func oneRequestAMillisecondNeverSpins() {
    let policy = Thread()
    for step in 0..<100 as Range<Int64> {
      policy.answered(at: step * 1000)
      #expect(!policy.spins(at: step * 1000 + 1))
    }
  }

  @Test func aSpinThatHeldTheAskersCoreTurnsSpinningOff() {
    let policy = Thread()
    policy.answered(at: 0)
    policy.answered(at: 10)
    // Saw nothing for the whole spin, and the request came right after it.
    #expect(!policy.spins(at: 61))
    policy.answered(at: 70)
    var time: Int64 = 70
    for _ in 0..<SpinPolicy.coldRequests - 1 {
      #expect(!policy.spins(at: time + 1))
      time += 10
      policy.answered(at: time)
    }
    time += 10
    policy.answered(at: time)
    #expect(policy.spins(at: time + 1))
  }
}
