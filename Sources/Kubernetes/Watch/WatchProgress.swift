internal import LinuxSystem
internal import Synchronization
internal import Time

/// What the lines of one watch have taught so far.
final class WatchProgress: Sendable {
  private struct State {
    var version: String?
    var newest: UInt64
    var listensSince: Instant?
    var heardAt: Instant?
  }
  private let state: Mutex<State>

  init(from version: String) {
    state = Mutex(State(version: version, newest: UInt64(version) ?? 0))
  }

  var version: String? { state.withLock { $0.version } }
  /// The newest version of all, the lost ones too; 0 where versions are no numbers.
  var newest: UInt64 { state.withLock { $0.newest } }
  var listensSince: Instant? { state.withLock { $0.listensSince } }
  /// When the last line came, whatever it was; nil where none has.
  var heardAt: Instant? { state.withLock { $0.heardAt } }

  func hears() { state.withLock { $0.heardAt = .now } }
  func listens() { state.withLock { $0.listensSince = .now } }
  func reached(_ version: String) {
    state.withLock { state in
      state.version = version
      state.newest = max(state.newest, UInt64(version) ?? 0)
    }
  }
  /// What could not be read or heard may have been news.
  func loseThread() { state.withLock { $0.version = nil } }
}
