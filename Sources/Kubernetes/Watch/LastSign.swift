internal import LinuxSystem
internal import Synchronization
internal import Time

/// When something was heard of last; while what was heard is being dealt with, it is always now.
final class LastSign: Sendable {
  private let instant = Mutex(Instant.now)

  func heard() { instant.withLock { $0 = .now } }
  func beginDealing() { instant.withLock { $0 = .distantFuture } }

  /// Ends with `Silence` when nothing was heard for `limit`.
  func waitForSilence(of limit: Duration) async throws {
    while true {
      let end = instant.withLock { $0 } + limit
      let left = end == .distantFuture ? limit : end - .now
      guard left > .zero else { throw Silence() }
      try await BootTimer.sleep(for: left)
    }
  }

  struct Silence: Error {}
}
