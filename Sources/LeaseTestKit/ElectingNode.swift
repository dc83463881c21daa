package import Lease
package import Testing
package import Time

/// A driver on a store, and what it says.
package struct ElectingNode<Store: LeaseStore>: Sendable {
  package let store: Store
  package let driver: LeaseDriver
  package let recorder = ViewRecorder()
  private let now: @Sendable () -> Instant

  package init(
    _ name: String, _ store: Store, _ timeToLive: Duration, limits: LeaseLimits,
    now: @escaping @Sendable () -> Instant
  ) throws {
    self.store = store
    self.now = now
    driver = LeaseDriver(
      store: store, node: name, timing: try LeaseTiming(timeToLive: timeToLive), limits: limits,
      now: now)
  }

  package func run() async {
    async let views: Void = recorder.record(driver.views)
    await driver.run()
    await views
  }

  /// The first view from the last one on that satisfies the condition.
  @discardableResult
  package func until(
    sourceLocation: SourceLocation = #_sourceLocation, _ condition: (LeaseView) -> Bool
  ) async throws -> LeaseView {
    let view = await recorder.until(condition)
    return try #require(view, sourceLocation: sourceLocation)
  }

  /// Runs until the end of `body`, and is shut down in good order.
  package func running(_ body: (Self) async throws -> Void) async throws {
    let run = Task { await self.run() }
    do {
      try await body(self)
    } catch {
      run.cancel()
      await run.value
      throw error
    }
    await driver.shutDown()
    await run.value
  }

  /// Runs until the end of `body`, and ends like a process that is killed: nothing is released.
  ///
  /// - Returns: when that was.
  package func dying(_ body: (Self) async throws -> Void) async throws -> Instant {
    let run = Task { await self.run() }
    defer { run.cancel() }
    try await body(self)
    let end = now()
    run.cancel()
    await run.value
    return end
  }
}
