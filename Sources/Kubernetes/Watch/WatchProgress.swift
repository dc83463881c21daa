internal import LinuxSystem
internal import Synchronization
internal import Time

/// What the lines of one watch have taught so far.
final class WatchProgress: Sendable {
  private struct State {
    var version: String?
    var listensSince: Instant?
  }
  private let state: Mutex<State>

  init(from version: String) { state = Mutex(State(version: version)) }

  var version: String? { state.withLock { $0.version } }
  var listensSince: Instant? { state.withLock { $0.listensSince } }

  func listens() { state.withLock { $0.listensSince = .now } }
  func reached(_ version: String) { state.withLock { $0.version = version } }
  /// What could not be read or heard may have been news.
  func loseThread() { state.withLock { $0.version = nil } }
}
