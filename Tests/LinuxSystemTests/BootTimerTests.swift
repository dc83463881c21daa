import LinuxSystem
import Testing
import Time

struct BootTimerTests {
  @Test func itSleepsAsLongAsItShould() async throws {
    for milliseconds in [0, 1, 20, 50] {
      let start = Instant.now
      try await BootTimer.sleep(for: .milliseconds(milliseconds))
      #expect(Instant.now - start >= .milliseconds(milliseconds))
    }
    try await BootTimer.sleep(until: .distantPast)
    try await BootTimer.sleep(until: .now - .seconds(1))
  }

  /// A sleeper that comes later and is due earlier does not wait for the others.
  @Test func aLaterSleeperMayBeDueEarlier() async throws {
    let far = Task { try await BootTimer.sleep(for: .seconds(600)) }
    // It sleeps already, or will: the timer is set to what comes first in either order.
    try await BootTimer.sleep(for: .milliseconds(20))
    let start = Instant.now
    try await BootTimer.sleep(for: .milliseconds(50))
    #expect(Instant.now - start < .seconds(60))
    far.cancel()
    await #expect(throws: CancellationError.self) { try await far.value }
  }

  @Test func aSleeperThatIsCancelledWakesAtOnce() async {
    for pause in [0, 20] {
      let start = Instant.now
      let sleeper = Task { try await BootTimer.sleep(until: .distantFuture) }
      if pause > 0 { try? await BootTimer.sleep(for: .milliseconds(pause)) }
      sleeper.cancel()
      await #expect(throws: CancellationError.self) { try await sleeper.value }
      #expect(Instant.now - start < .seconds(5))
    }
  }

  /// Cancelled before, while and after it sleeps, from other threads.
  @Test func thousandsComeAndGo() async {
    await withTaskGroup(of: Void.self) { group in
      for number in 0..<4000 {
        group.addTask {
          let sleeper = Task {
            try? await BootTimer.sleep(for: .microseconds(number % 50 * 100))
          }
          if number % 3 == 0 { sleeper.cancel() }
          await sleeper.value
        }
      }
    }
  }
}
