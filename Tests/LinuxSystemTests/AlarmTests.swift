import Synchronization
import Testing
import Time

@testable import LinuxSystem

/// On a timer of the tests' own, so that nobody else's sleepers count.
struct AlarmTests {
  private static let timer = Result { try BootTimer() }

  /// Alarms are counted on the timer that all tests of this suite share.
  @Suite(.serialized) struct OnATimer {
    @Test func itIsOneHoweverOftenItIsSet() async throws {
      let timer = try timer.get()
      let rung = Atomic<Int>(0)
      let alarm = Alarm(on: timer) { rung.add(1, ordering: .relaxed) }
      for number in 0..<10_000 {
        alarm.set(.now + .seconds(600 + number % 7))
        #expect(timer.waiting == 1)
      }
      let start = Instant.now
      alarm.set(start + .milliseconds(20))
      while rung.load(ordering: .relaxed) == 0, Instant.now - start < .seconds(60) {
        try await Task.sleep(for: .milliseconds(1))
      }
      #expect(Instant.now - start >= .milliseconds(20))
      #expect(timer.waiting == 0)
      let count = rung.load(ordering: .relaxed)
      #expect(count == 1)
      alarm.cancel()
    }

    @Test func itDoesNotRingAtWhatItWasSetToBefore() async throws {
      let timer = try timer.get()
      let times = Mutex<[Instant]>([])
      let alarm = Alarm(on: timer) { times.withLock { $0.append(.now) } }
      let start = Instant.now
      alarm.set(start + .milliseconds(10))
      alarm.set(start + .milliseconds(80))
      while times.withLock(\.isEmpty), Instant.now - start < .seconds(60) {
        try await Task.sleep(for: .milliseconds(1))
      }
      let first = try #require(times.withLock { $0.first })
      #expect(first - start >= .milliseconds(80))
      alarm.cancel()
    }

    @Test func whatIsCancelledDoesNotRing() async throws {
      let timer = try timer.get()
      let rung = Atomic<Bool>(false)
      do {
        let alarm = Alarm(on: timer) { rung.store(true, ordering: .relaxed) }
        alarm.set(.now + .milliseconds(20))
        alarm.cancel()
        #expect(timer.waiting == 0)
        alarm.set(.now + .milliseconds(20))
      }
      // Its owner is gone.
      #expect(timer.waiting == 0)
      try await Task.sleep(for: .milliseconds(60))
      let hasRung = rung.load(ordering: .relaxed)
      #expect(!hasRung)
    }
  }

  /// A process without a descriptor to spare has alarms all the same.
  @Test func withoutATimerItRingsToo() async throws {
    let rung = Atomic<Int>(0)
    let alarm = Alarm(on: nil) { rung.add(1, ordering: .relaxed) }
    let start = Instant.now
    alarm.set(start + .seconds(600))
    alarm.set(start + .milliseconds(10))
    while rung.load(ordering: .relaxed) == 0, Instant.now - start < .seconds(60) {
      try await Task.sleep(for: .milliseconds(1))
    }
    let count = rung.load(ordering: .relaxed)
    #expect(count == 1)
    alarm.cancel()
  }
}
