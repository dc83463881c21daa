internal import FoundationEssentials
internal import Lease
internal import Synchronization

/// What the store tells its one listener: changes, and what is wrong in the store, one thing at a time.
final class EtcdNews: Sendable {
  let changes: AsyncStream<[StoreChange]>
  private let tell: AsyncStream<[StoreChange]>.Continuation

  private struct State {
    /// By key; the watch's own under no key.
    var troubles: [Data: StoreFailure] = [:]
    var told: StoreFailure?
  }
  private let state = Mutex(State())

  /// More wrong keys than this are not kept: one is enough to say.
  private static let capacity = 64

  init() {
    (changes, tell) = AsyncStream.makeStream()
  }

  deinit { tell.finish() }

  func tell(_ changes: [StoreChange]) {
    if !changes.isEmpty { tell.yield(changes) }
  }

  /// What a key's present value means; nil for nothing wrong.
  func note(_ trouble: StoreFailure?, of key: Data) {
    update { troubles in
      if trouble == nil || troubles.count < Self.capacity { troubles[key] = trouble }
    }
  }

  /// What a reading of everything found.
  func replace(_ found: [Data: StoreFailure]) {
    update { troubles in
      let watch = troubles[Self.watch]
      troubles = Dictionary(uniqueKeysWithValues: found.prefix(Self.capacity).map { ($0, $1) })
      troubles[Self.watch] = watch
    }
  }

  /// Why the watch does not listen; nil when it does.
  func noteWatch(_ trouble: StoreFailure?) { note(trouble, of: Self.watch) }

  private static let watch = Data()

  private func update(_ change: (inout [Data: StoreFailure]) -> Void) {
    state.withLock { state in
      change(&state.troubles)
      // The first in order of keys, so that it does not change without need; the watch's before all.
      let first = state.troubles.min { $0.key.lexicographicallyPrecedes($1.key) }?.value
      guard first != state.told else { return }
      state.told = first
      // Under the lock: the order of news is the order of what is so.
      tell.yield([.trouble(first)])
    }
  }
}
