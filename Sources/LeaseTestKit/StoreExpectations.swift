package import Lease
package import Testing

/// What a call on a store failed with; a failure of the test where it did not.
package func failure(
  sourceLocation: SourceLocation = #_sourceLocation, _ body: () async throws -> Void
) async -> StoreFailure? {
  do {
    try await body()
  } catch let failure as StoreFailure {
    return failure
  } catch {
    Issue.record("not a StoreFailure: \(error)", sourceLocation: sourceLocation)
    return nil
  }
  Issue.record("it did not fail", sourceLocation: sourceLocation)
  return nil
}
