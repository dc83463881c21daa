package import Testing

/// Starts the servers of `TestClusterKind.available` once for a suite, and ends them after its last test:
/// `@Suite(.sharedTestClusters)`, then `kind.shared` in its tests.
package struct SharedTestClusters: SuiteTrait, TestScoping {
  @TaskLocal fileprivate static var clusters: [TestClusterKind: any TestCluster] = [:]

  package func provideScope(
    for test: Test, testCase: Test.Case?,
    performing body: @concurrent @Sendable () async throws -> Void
  ) async throws {
    try await Self.withClusters(TestClusterKind.available[...], [:], body)
  }

  private static func withClusters(
    _ kinds: ArraySlice<TestClusterKind>, _ clusters: [TestClusterKind: any TestCluster],
    _ body: @concurrent @Sendable () async throws -> Void
  ) async throws {
    guard let kind = kinds.first else {
      return try await $clusters.withValue(clusters, operation: { try await body() })
    }
    try await kind.run { cluster in
      var clusters = clusters
      clusters[kind] = cluster
      try await withClusters(kinds.dropFirst(), clusters, body)
    }
  }
}

extension Trait where Self == SharedTestClusters {
  package static var sharedTestClusters: Self { Self() }
}

extension TestClusterKind {
  /// The suite's server of this kind.
  package var shared: any TestCluster {
    get throws {
      guard let cluster = SharedTestClusters.clusters[self] else {
        throw TestClusterError("the suite lacks .sharedTestClusters")
      }
      return cluster
    }
  }
}
