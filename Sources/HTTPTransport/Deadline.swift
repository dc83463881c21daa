internal import LinuxSystem
package import Time

/// Runs `body`, cancelled and left with `DeadlinePassed` when it has not ended by `deadline`.
package func withDeadline<Value: Sendable>(
  _ deadline: Instant, _ body: @escaping @concurrent @Sendable () async throws -> Value
) async throws -> Value {
  try await withThrowingTaskGroup(of: Value.self) { group in
    group.addTask(operation: body)
    group.addTask {
      try await BootTimer.sleep(until: deadline)
      throw DeadlinePassed()
    }
    defer { group.cancelAll() }
    guard let value = try await group.next() else { throw CancellationError() }
    return value
  }
}

/// The time limit of a call has come.
package struct DeadlinePassed: Error {}
