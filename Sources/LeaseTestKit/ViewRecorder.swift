package import Lease
internal import Synchronization

/// Reads a driver's views for a test that waits for what it expects, in order, and misses none.
package final class ViewRecorder: Sendable {
  private struct State {
    var views: [LeaseView] = []
    var position = 0
    var hasEnded = false
  }

  private let state = Mutex(State())

  package init() {}

  /// Reads until the driver ends.
  package func record(_ views: LeaseViews) async {
    for await view in views { state.withLock { $0.views.append(view) } }
    state.withLock { $0.hasEnded = true }
  }

  /// The last view so far.
  package var newest: LeaseView? { state.withLock { $0.views.last } }

  /// Waits for the first view that satisfies the condition, from the one on that the last call
  /// returned; nil when the driver ended or the task was cancelled before.
  @discardableResult
  package func until(_ condition: (LeaseView) -> Bool) async -> LeaseView? {
    while true {
      let (found, hasEnded) = state.withLock { state in
        while state.position < state.views.count {
          let view = state.views[state.position]
          if condition(view) { return (view, false) as (LeaseView?, Bool) }
          // The newest stays, for the next call.
          if state.position + 1 == state.views.count { break }
          state.position += 1
        }
        return (nil, state.hasEnded)
      }
      if let found { return found }
      if hasEnded { return nil }
      guard (try? await Task.sleep(for: .milliseconds(1))) != nil else { return nil }
    }
  }
}
