internal import HTTPTransport
internal import Lease
internal import LinuxSystem
internal import Synchronization
internal import Time

/// The table that the watch, the calls and the clock share, and what it tells the one listener.
final class SharedTable: Sendable {
  let changes: AsyncStream<[StoreChange]>
  private let tell: AsyncStream<[StoreChange]>.Continuation
  /// Something falls due earlier than it did.
  let wakes: AsyncStream<Void>
  private let wake: AsyncStream<Void>.Continuation

  private struct Waiter {
    let version: UInt64
    let end: AsyncStream<Never>.Continuation
  }

  private struct State {
    var table = LeaseTable(node: "", defaultDuration: .seconds(6))
    var plannedWake = Instant.distantFuture
    var waiters: [Waiter] = []
  }
  private let state = Mutex(State())

  init() {
    (changes, tell) = AsyncStream.makeStream()
    (wakes, wake) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  deinit {
    tell.finish()
    wake.finish()
  }

  /// Changes the table at an instant that is now, and tells what comes of it.
  @discardableResult
  func update<Result: Sendable>(_ body: (inout LeaseTable, Instant) -> Result) -> Result {
    state.withLock { state in
      let delivered = state.table.delivered
      let result = body(&state.table, .now)
      // Under the lock: the order of news is the order of what is so. What came before a version is
      // told before anybody hears that the version has been delivered.
      let changes = state.table.takeChanges()
      if !changes.isEmpty { tell.yield(changes) }
      if state.table.delivered > delivered {
        let reached = state.table.delivered
        for waiter in state.waiters where waiter.version <= reached { waiter.end.finish() }
        state.waiters.removeAll { $0.version <= reached }
      }
      if state.table.nextDue < state.plannedWake { wake.yield() }
      return result
    }
  }

  func ask<Result: Sendable>(_ question: (LeaseTable) -> Result) -> Result {
    state.withLock { question($0.table) }
  }

  /// Tells the listener something that is not in the table.
  func say(_ change: StoreChange) {
    state.withLock { _ in _ = tell.yield([change]) }
  }

  /// What falls due next, which its caller will see to.
  func planWake() -> Instant {
    state.withLock { state in
      state.plannedWake = state.table.nextDue
      return state.plannedWake
    }
  }

  func poke() { wake.yield() }

  /// Waits until the watch or a list has told of a version and everything before it; false where it has
  /// not by `deadline`.
  func waitUntilDelivered(_ version: UInt64, until deadline: Instant) async -> Bool {
    let (stream, end) = AsyncStream<Never>.makeStream()
    let isThere = state.withLock { state in
      if state.table.delivered >= version { return true }
      state.waiters.append(Waiter(version: version, end: end))
      return false
    }
    if isThere { return true }
    try? await withDeadline(deadline) { for await _ in stream {} }
    return state.withLock { $0.table.delivered >= version }
  }
}
