internal import LeaseSimulator
internal import Synchronization

/// Many schedules on all cores, each seed for itself, up to the first that fails.
///
/// Which seed fails first does not depend on the number of cores: none below a failing one is skipped.
final class Campaign: Sendable {
  private struct State {
    var next: UInt64
    var failed: UInt64?
    var statistics = Statistics()
  }

  private let end: UInt64
  private let weaknesses: Set<Weakness>
  private let state: Mutex<State>

  init(_ arguments: Arguments) {
    end = arguments.first + arguments.count
    weaknesses = arguments.weaknesses
    state = Mutex(State(next: arguments.first))
  }

  /// - Returns: the first seed that failed, and what all that ran came to.
  func run(workers: Int) async -> (failed: UInt64?, statistics: Statistics) {
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<workers { group.addTask { self.work() } }
    }
    return state.withLock { ($0.failed, $0.statistics) }
  }

  private func work() {
    while let seed = take() {
      let (violation, statistics) = Simulation.run(seed: seed, weaknesses: weaknesses)
      state.withLock { state in
        state.statistics.add(statistics)
        if violation != nil { state.failed = min(state.failed ?? seed, seed) }
      }
    }
  }

  private func take() -> UInt64? {
    state.withLock { state in
      guard state.failed == nil, state.next < end else { return nil }
      state.next += 1
      return state.next - 1
    }
  }
}
