package import Testing

/// Waits until `condition` holds, looking every few milliseconds; records an issue at the caller's
/// line when it still does not after `limit`. Whether it held.
///
/// Tests wait for conditions, never for a fixed time: a slow machine makes them slow, not red.
@discardableResult
package func eventually(
  within limit: Duration = .seconds(5), _ comment: @autoclosure () -> Comment? = nil,
  sourceLocation: SourceLocation = #_sourceLocation,
  _ condition: () async throws -> Bool
) async rethrows -> Bool {
  let start = ContinuousClock.now
  while true {
    if try await condition() { return true }
    if ContinuousClock.now - start > limit || Task.isCancelled { break }
    try? await Task.sleep(for: .milliseconds(3))
  }
  Issue.record(
    comment() ?? "the condition does not hold after \(limit)", sourceLocation: sourceLocation)
  return false
}

/// How long it takes until `condition` holds; nil after `limit`, without an issue.
package func timeUntil(
  within limit: Duration = .seconds(5), _ condition: () async throws -> Bool
) async rethrows -> Duration? {
  let start = ContinuousClock.now
  while ContinuousClock.now - start <= limit && !Task.isCancelled {
    if try await condition() { return ContinuousClock.now - start }
    try? await Task.sleep(for: .milliseconds(1))
  }
  return nil
}
