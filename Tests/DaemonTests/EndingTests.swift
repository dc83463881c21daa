import Testing

@testable import Daemon

/// What reports does not keep the daemon from ending.
@Suite(.timeLimit(.minutes(1)))
struct EndingTests {
  private struct Failure: Error {}

  @Test func whatHangsIsLeftBehindOnceEverythingIsDecided() async throws {
    let (decided, decide) = AsyncStream<Never>.makeStream()
    let (hanging, hang) = AsyncStream<Never>.makeStream()
    // It hears of no cancellation either, as a thread that waits for a disk.
    let body: @Sendable () async -> Void = {
      await Task.detached { for await _ in hanging {} }.value
    }
    decide.finish()
    try await Daemon.run(atMost: .milliseconds(10), after: decided) { await body() }
    hang.finish()
  }

  @Test func itIsWaitedForUntilThen() async throws {
    let (decided, decide) = AsyncStream<Never>.makeStream()
    let (events, tell) = AsyncStream<Int>.makeStream()
    try await Daemon.run(atMost: .zero, after: decided) {
      for number in 0..<100 {
        tell.yield(number)
        await Task.yield()
      }
      tell.finish()
    }
    var count = 0
    for await _ in events { count += 1 }
    #expect(count == 100)
    decide.finish()
  }

  @Test func aFailureIsPassedOn() async throws {
    let (decided, decide) = AsyncStream<Never>.makeStream()
    await #expect(throws: Failure.self) {
      try await Daemon.run(atMost: .zero, after: decided) { throw Failure() }
    }
    decide.finish()
  }
}
