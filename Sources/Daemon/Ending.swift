internal import LinuxSystem

extension Daemon {
  /// How long what only reports may take to end.
  static let patience = Duration.milliseconds(300)

  /// Runs `body` to its end, but no longer than `patience` after `decided` has ended.
  ///
  /// What still runs then only reports: a look at the kernel's settings, a file that is being read, a scraper. It
  /// ends with the process, and no hang of it keeps the service manager waiting.
  static func run(
    atMost patience: Duration, after decided: AsyncStream<Never>,
    _ body: @escaping @Sendable () async throws -> Void
  ) async throws {
    let (outcome, tell) = AsyncThrowingStream<Never, any Error>.makeStream()
    let work = Task {
      do {
        try await body()
        tell.finish()
      } catch {
        tell.finish(throwing: error)
      }
    }
    let alarm = Task {
      for await _ in decided {}
      if (try? await BootTimer.sleep(for: patience)) != nil { tell.finish() }
    }
    defer { alarm.cancel() }
    try await withTaskCancellationHandler {
      for try await _ in outcome {}
    } onCancel: {
      work.cancel()
    }
  }
}
